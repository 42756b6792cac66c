import { ActionIcon, Menu } from "@mantine/core";
import {
  IconActivity,
  IconAlertTriangle,
  IconCopy,
  IconDots,
  IconGavel,
  IconListDetails,
  IconMasksTheater,
  IconShield,
  IconShieldOff,
  IconTags,
  IconUser,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Application, Subject } from "../../api/types";
import { useMay, useMayChangeUsers } from "../../hooks/use-me";
import { useMenuButton } from "../../hooks/use-menu-button";
import { nameOf } from "../../wording/people";
import { PlaceHold } from "../holds/PlaceHold";
import { HoneyDialog } from "./HoneyDialog";
import { hindrance } from "./may-impersonate";
import { ProtectDialog } from "./ProtectDialog";
import { TagsDialog } from "./TagsDialog";

interface Props {
  subject: Subject;
  application: Application;
  onImpersonate: () => void;
}

/** What can be done with one user. */
export function UserMenu({ subject, application, onImpersonate }: Props) {
  const mayImpersonate = useMay("impersonation.start");
  const mayAudit = useMay("audit.read");
  const mayProtect = useMayChangeUsers();
  const mayHold = useMay("holds.write");
  const mayHoney = useMay("honey.write");
  const [protecting, setProtecting] = useState(false);
  const [holding, setHolding] = useState(false);
  const [tagging, setTagging] = useState(false);
  const [sweetening, setSweetening] = useState(false);
  const { button, hold } = useMenuButton();
  const open = (dialog: (opened: true) => void) => {
    hold();
    dialog(true);
  };
  const search = { application_id: application.id };
  const about = { ...search, subject_id: subject.id };
  const name = nameOf(subject);
  const hindered = hindrance(subject, application);
  return (
    <>
      <Menu width={230}>
        <Menu.Target>
          <ActionIcon ref={button} size="lg" aria-label={`Actions for ${name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayImpersonate && (
            <Menu.Item
              leftSection={<IconMasksTheater size={16} />}
              disabled={hindered !== null}
              {...(hindered !== null && { title: hindered })}
              onClick={onImpersonate}
            >
              Impersonate…
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconUser size={16} />}
            renderRoot={(props) => (
              <Link
                to="/users/$subjectId"
                params={{ subjectId: subject.id }}
                search={search}
                {...props}
              />
            )}
          >
            Open
          </Menu.Item>
          <Menu.Item
            leftSection={<IconActivity size={16} />}
            renderRoot={(props) => <Link to="/sessions" search={about} {...props} />}
          >
            Sessions in this account
          </Menu.Item>
          {mayAudit && (
            <Menu.Item
              leftSection={<IconListDetails size={16} />}
              renderRoot={(props) => <Link to="/audit" search={about} {...props} />}
            >
              Audit entries
            </Menu.Item>
          )}
          {mayProtect && (
            <Menu.Item
              leftSection={
                subject.protected ? <IconShieldOff size={16} /> : <IconShield size={16} />
              }
              onClick={() => open(setProtecting)}
            >
              {subject.protected ? "Lift protection…" : "Protect…"}
            </Menu.Item>
          )}
          {mayProtect && (
            <Menu.Item leftSection={<IconTags size={16} />} onClick={() => open(setTagging)}>
              Tags…
            </Menu.Item>
          )}
          {mayHold && (
            <Menu.Item leftSection={<IconGavel size={16} />} onClick={() => open(setHolding)}>
              Place a legal hold…
            </Menu.Item>
          )}
          {mayHoney && (
            <Menu.Item
              leftSection={<IconAlertTriangle size={16} />}
              onClick={() => open(setSweetening)}
            >
              Honey user…
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconCopy size={16} />}
            onClick={() => void navigator.clipboard?.writeText(subject.id)}
          >
            Copy id
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ProtectDialog subject={subject} opened={protecting} onClose={() => setProtecting(false)} />
      {tagging && <TagsDialog subject={subject} onClose={() => setTagging(false)} />}
      {sweetening && <HoneyDialog subject={subject} onClose={() => setSweetening(false)} />}
      <PlaceHold
        application={application}
        subject={subject}
        opened={holding}
        onClose={() => setHolding(false)}
      />
    </>
  );
}
