import { createFormContext } from "@mantine/form";
import type { Draft } from "./draft";

/** The form that all sections of an application's settings write into. */
export const [SettingsFormProvider, useSettingsForm, useNewSettingsForm] =
  createFormContext<Draft>();
