import { Radio, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { MessageFormat, Webhook } from "../../api/types";
import { FormButtons } from "../../ui/FormButtons";
import { Notice } from "../../ui/Notice";
import { Problem } from "../../ui/Problem";
import { FORMATS } from "../../wording/deliveries";
import { MAIL_URL } from "./endpoint-name";
import { typesIn, USUAL } from "./event-types";
import { TypesField } from "./TypesField";
import { receiverProblem } from "./url-problem";
import classes from "./Webhooks.module.css";

/** What somebody decides about an endpoint. */
export type WebhookDraft = Pick<Webhook, "url" | "description" | "format" | "types" | "personal">;

/** The same as it is sent: e-mail tells of what it tells of. */
export type WebhookSent = Omit<WebhookDraft, "types"> & Partial<Pick<WebhookDraft, "types">>;

const NEW: WebhookDraft = {
  url: "",
  description: "",
  format: "native",
  types: [...USUAL],
  personal: false,
};

interface Props {
  /** The endpoint as it is; none for a new one. */
  webhook?: Webhook;
  action: string;
  busy: boolean;
  error: unknown;
  onSubmit: (draft: WebhookSent) => void;
  onClose: () => void;
}

/** Where messages go, what they tell, and how they are spelled. */
export function WebhookForm({ webhook, action, busy, error, onSubmit, onClose }: Props) {
  const form = useForm<WebhookDraft>({
    initialValues: webhook === undefined ? NEW : draftOf(webhook),
    validate: {
      url: (url, { format }) => (format === "email" ? null : receiverProblem(url)),
      types: (types, { format }) =>
        format !== "email" && types.length === 0 ? "At least one" : null,
    },
  });
  const { format, types, personal } = form.values;
  const byMail = format === "email";
  const spell = (wanted: MessageFormat) =>
    form.setValues({ format: wanted, types: typesIn(wanted, types) });
  const send = ({ url, description, types, ...rest }: WebhookDraft) =>
    onSubmit({
      ...rest,
      url: byMail ? MAIL_URL : url.trim(),
      description: description.trim(),
      ...(!byMail && { types }),
    });
  return (
    <form className={classes.fields} onSubmit={form.onSubmit(send)} noValidate>
      {!byMail && (
        <TextInput
          data-autofocus
          required
          label="URL"
          description="Messages are posted here. A public https address; answers with 2xx count as taken."
          placeholder="https://hooks.example.com/understudy"
          type="url"
          {...form.getInputProps("url")}
        />
      )}
      <TextInput
        label="Description"
        description="What people here call it."
        placeholder="Security team’s channel"
        maxLength={200}
        {...form.getInputProps("description")}
      />
      <Radio.Group
        label="Format"
        value={format}
        onChange={(value) => spell(value as MessageFormat)}
      >
        {formatsFor(webhook).map((value) => (
          <Radio
            key={value}
            mt="xs"
            value={value}
            label={FORMATS[value].name}
            description={FORMATS[value].means}
          />
        ))}
      </Radio.Group>
      <TypesField
        format={format}
        value={types}
        problem={typeof form.errors.types === "string" ? form.errors.types : undefined}
        onChange={(chosen) => form.setFieldValue("types", chosen)}
      />
      <div>
        <Switch
          label="Include personal data"
          description={
            byMail
              ? "Otherwise an e-mail names the application alone, and its link shows the rest."
              : "Otherwise messages hold ids only, and the receiver asks our API for the rest."
          }
          {...form.getInputProps("personal", { type: "checkbox" })}
        />
        {personal && (
          <Notice
            tone="bad"
            icon={<IconAlertTriangle size={18} />}
            title="Names, addresses and reasons leave Understudy"
          >
            What a receiver has stored is not erased when an entry is erased here, neither by
            retention nor on a user’s request. Turn it on only for a receiver that forgets, too.
          </Notice>
        )}
      </div>
      <Problem error={error} />
      <FormButtons busy={busy} onClose={onClose}>
        {action}
      </FormButtons>
    </form>
  );
}

/** What an endpoint can be spelled in: to a URL and to people are not changed into each other. */
function formatsFor(webhook: Webhook | undefined): MessageFormat[] {
  const all = Object.keys(FORMATS) as MessageFormat[];
  if (webhook === undefined) return all;
  return all.filter((one) => (one === "email") === (webhook.format === "email"));
}

function draftOf({ url, description, format, types, personal }: Webhook): WebhookDraft {
  return { url, description, format, types, personal };
}
