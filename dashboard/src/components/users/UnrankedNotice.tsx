import { Button } from "@mantine/core";
import { IconStairs } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { unrankedRolesQuery, updateApplication } from "../../api/applications";
import type { Application } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { Notice } from "../../ui/Notice";
import { notify } from "../../ui/notify";
import { unrankedInWords } from "../../wording/unranked";
import classes from "./UnrankedNotice.module.css";

/** Asks what is to become of users whose roles nobody has ranked, until somebody has decided. */
export function UnrankedNotice({ application }: { application: Application }) {
  const { id, name, settings } = application;
  const mayChange = useMay("applications.write");
  const queryClient = useQueryClient();
  const refused = settings.unranked_roles !== "allow";
  const unranked = useQuery({ ...unrankedRolesQuery(id), enabled: refused }).data;
  const allow = useMutation({
    mutationFn: () => updateApplication(id, { settings: { unranked_roles: "allow" } }),
    onSuccess: async () => {
      notify(`Roles without a rank count 0 in ${name}.`);
      await queryClient.invalidateQueries({ queryKey: ["applications"] });
    },
  });
  if (!refused || unranked === undefined || unranked.users === 0) return null;
  return (
    <Notice
      tone="calm"
      icon={<IconStairs size={18} />}
      title={unrankedInWords(unranked)}
      action={
        mayChange && (
          <div className={classes.choices}>
            <Link to="/settings/$applicationId" params={{ applicationId: id }} hash="ranks">
              Rank them
            </Link>
            <Button
              size="xs"
              variant="default"
              loading={allow.isPending}
              onClick={() => allow.mutate()}
            >
              Allow them as they are
            </Button>
          </div>
        )
      }
    >
      {unranked.users === 1 ? "This user" : "These users"} cannot be impersonated until an admin
      decides: give the roles a rank, or allow roles without one.
    </Notice>
  );
}
