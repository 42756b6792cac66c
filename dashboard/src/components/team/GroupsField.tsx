import { TagsInput, type TagsInputProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { operatorsQuery } from "../../api/operators";

/** Which groups somebody of the team is in; those that colleagues are in can be chosen. */
export function GroupsField(props: TagsInputProps) {
  const { data: team = [] } = useQuery(operatorsQuery);
  return (
    <TagsInput
      label="Groups"
      description="Small letters, digits, - and _. Policies and approvals can name them."
      placeholder="billing"
      data={[...new Set(team.flatMap(({ groups }) => groups))].sort()}
      {...props}
    />
  );
}
