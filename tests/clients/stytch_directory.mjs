// `stytch` for Node, unchanged: organizations, members and users over the application's directory.
import stytch from "stytch";

const input = await new Response(process.stdin).json();
const config = { project_id: input.projectId, secret: input.secret, env: input.base };

async function organizations() {
  const client = new stytch.B2BClient(config);
  const made = await client.organizations.create({ organization_name: "Blue Heron" });
  const organization_id = made.organization.organization_slug;
  const created = await client.organizations.members.create({
    organization_id,
    email_address: "ines@heron.example",
    name: "Ines",
  });
  const named = { organization_id, member_id: created.member_id };
  await client.organizations.members.update({ ...named, name: "Ines O." });
  const found = await client.organizations.members.get(named);
  const anywhere = await client.organizations.members.dangerouslyGet({
    member_id: created.member_id,
    include_deleted: true,
  });
  const searched = await client.organizations.members.search({
    organization_ids: [organization_id],
    query: {
      operator: "AND",
      operands: [{ filter_name: "member_email_fuzzy", filter_value: "heron" }],
    },
  });
  await client.organizations.members.delete(named);
  const policy = await client.rbac.policy({});
  await client.organizations.delete({ organization_id });
  return {
    names: [found.member.name, anywhere.member.name, ...searched.members.map((one) => one.name)],
    cursor: searched.results_metadata.next_cursor,
    roles: policy.policy.roles.map((role) => role.role_id),
  };
}

async function users() {
  const client = new stytch.Client(config);
  const made = await client.users.create({
    email: "tomas@reyes.example",
    name: { first_name: "Tomas", last_name: "Reyes" },
  });
  const user_id = made.user_id;
  await client.users.update({ user_id, name: { last_name: "Rey" } });
  const found = await client.users.get({ user_id });
  const names = [];
  for await (const page of client.users.searchAll({ limit: 1, query: undefined })) {
    names.push(...page.map((one) => one.name.last_name));
  }
  await client.users.delete({ user_id });
  const gone = await client.users.get({ user_id }).catch((error) => error.error_type);
  return { names: [found.name.last_name], listed: names.sort(), gone };
}

const answer = input.vertical === "consumer" ? await users() : await organizations();
process.stdout.write(JSON.stringify(answer));
