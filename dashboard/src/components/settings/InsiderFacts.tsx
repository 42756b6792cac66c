import type { InsiderLimits } from "../../api/types";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { DAYS } from "./InsidersSection";

/** What operators are held to, as text for those who watch; the others are not told. */
export function InsiderFacts({ limits }: { limits: InsiderLimits | null }) {
  if (limits === null) return null;
  return (
    <Panel id="insiders" title="Limits on operators">
      <Facts
        facts={[
          ["Users an hour, at most", numberOf(limits.subjects_an_hour)],
          ["Users a day, at most", numberOf(limits.subjects_a_day)],
          ["Alarm above look-ups an hour", numberOf(limits.look_ups_an_hour, "No alarm")],
          ["Colleagues", limits.refuse_colleagues ? "Refused" : "Like other users"],
          ["Without a ticket", limits.mark_ticketless ? "Marked" : "Not marked"],
          ["Working hours", hoursOf(limits)],
        ]}
      />
    </Panel>
  );
}

function numberOf(limit: number | null, none = "Any number"): string {
  return limit === null ? none : limit.toLocaleString();
}

function hoursOf({ working_hours: hours }: InsiderLimits): string {
  if (hours === null) return "Not set";
  const days = hours.days.map((day) => DAYS[day - 1]).join(", ");
  return `${days} from ${hours.begins} to ${hours.ends}, ${hours.time_zone}`;
}
