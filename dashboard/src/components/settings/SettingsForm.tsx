import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { updateApplication } from "../../api/applications";
import type { Application } from "../../api/types";
import { notify } from "../../ui/notify";
import { AddressesSection } from "./AddressesSection";
import { ApprovalSection } from "./ApprovalSection";
import { BlockedActionsSection } from "./BlockedActionsSection";
import { ConsentSection } from "./ConsentSection";
import { DenyPacksSection } from "./DenyPacksSection";
import { changesOf, draftOf } from "./draft";
import { SettingsFormProvider, useNewSettingsForm } from "./form";
import { HandOffSection } from "./HandOffSection";
import { ImpersonationSection } from "./ImpersonationSection";
import { InsidersSection } from "./InsidersSection";
import { LimitsSection } from "./LimitsSection";
import { LogoutSection } from "./LogoutSection";
import { problemsOf } from "./problems";
import { RanksSection } from "./RanksSection";
import { RbacSection } from "./RbacSection";
import { RedactionSection } from "./RedactionSection";
import { RetentionSection } from "./RetentionSection";
import { SaveBar } from "./SaveBar";
import { useUnsavedWarning } from "./use-unsaved-warning";

/** All settings in one form: they are saved together, so no half-changed rule is ever in force. */
export function SettingsForm({ application }: { application: Application }) {
  const queryClient = useQueryClient();
  const form = useNewSettingsForm({
    initialValues: draftOf(application),
    validate: problemsOf,
  });
  const changes = changesOf(application.settings, form.values);
  const count = Object.keys(changes).length;
  useUnsavedWarning(count > 0);
  const save = useMutation({
    mutationFn: () => updateApplication(application.id, { settings: changes }),
    onSuccess: async (saved) => {
      form.setInitialValues(draftOf(saved));
      form.setValues(draftOf(saved));
      notify("Settings saved.");
      await queryClient.invalidateQueries({ queryKey: ["applications"] });
    },
  });
  const { reset: forget } = save;
  // A refusal is about what was sent; it goes once that is changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the values are what it waits for
  useEffect(forget, [form.values]);
  return (
    <SettingsFormProvider form={form}>
      <form onSubmit={form.onSubmit(() => save.mutate())} noValidate>
        <ImpersonationSection application={application} />
        <LimitsSection />
        <InsidersSection />
        <ApprovalSection />
        <ConsentSection />
        <BlockedActionsSection />
        <DenyPacksSection />
        <RedactionSection application={application} />
        <AddressesSection application={application} />
        <HandOffSection application={application} />
        <RbacSection />
        <LogoutSection application={application} />
        <RanksSection application={application} />
        <RetentionSection application={application} />
        <SaveBar
          changes={count}
          busy={save.isPending}
          error={save.error}
          onDiscard={() => {
            form.setValues(draftOf(application));
            form.clearErrors();
          }}
        />
      </form>
    </SettingsFormProvider>
  );
}
