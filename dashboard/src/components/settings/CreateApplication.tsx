import { Radio, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { createApplication } from "../../api/applications";
import { FormButtons } from "../../ui/FormButtons";
import { Problem } from "../../ui/Problem";
import { WorkDialog } from "../../ui/WorkDialog";
import { urlProblem } from "./problems";
import { ShownOnce } from "./ShownOnce";

const VERTICALS = [
  ["b2b", "Organizations", "Users belong to customers’ organizations."],
  ["consumer", "Single people", "Users stand for themselves."],
] as const;

type Vertical = (typeof VERTICALS)[number][0];

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** A new application. It can do nothing yet: impersonation is off until it is turned on. */
export function CreateApplication({ opened, onClose }: Props) {
  return (
    <WorkDialog opened={opened} onClose={onClose} title="Connect an application" size="lg">
      <Steps onClose={onClose} />
    </WorkDialog>
  );
}

function Steps({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [vertical, setVertical] = useState<Vertical>("b2b");
  const [url, setUrl] = useState("");
  const [tried, setTried] = useState(false);
  const problem = url.trim() === "" ? null : urlProblem(url);
  const create = useMutation({
    mutationFn: () =>
      createApplication({
        name: name.trim(),
        vertical,
        settings: url.trim() === "" ? {} : { redirect_urls: [url.trim()] },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["applications"] }),
    gcTime: 0,
  });
  if (create.data !== undefined) {
    const { application, secret } = create.data;
    const params = { applicationId: application.id };
    return (
      <ShownOnce
        what="secret"
        value={secret}
        onClose={() => {
          onClose();
          void navigate({ to: "/settings/$applicationId", params });
        }}
      />
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() !== "" && problem === null) create.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <TextInput
        data-autofocus
        label="Name"
        placeholder="Harbor"
        maxLength={200}
        error={tried && name.trim() === "" ? "What people call it" : null}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Radio.Group
        mt="md"
        label="Its users are"
        value={vertical}
        onChange={(value) => setVertical(value as Vertical)}
      >
        {VERTICALS.map(([value, label, description]) => (
          <Radio key={value} mt="xs" value={value} label={label} description={description} />
        ))}
      </Radio.Group>
      <TextInput
        mt="md"
        label="Redirect URL"
        description="The SDK’s page in the app. It can be added later."
        placeholder="https://app.example.com/_understudy/callback"
        type="url"
        error={tried ? problem : null}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Problem error={create.error} />
      <FormButtons mt="lg" busy={create.isPending} onClose={onClose}>
        Create
      </FormButtons>
    </form>
  );
}
