import type { DeliveryStatus } from "../../api/types";
import { Pill } from "../../ui/Pill";
import { DELIVERY_STATUSES } from "../../wording/deliveries";

export function DeliveryState({ status }: { status: DeliveryStatus }) {
  const { label, tone } = DELIVERY_STATUSES[status];
  return <Pill tone={tone}>{label}</Pill>;
}
