import { Anchor, Button, Group } from "@mantine/core";
import { END_PAGE } from "../../api/worked-as";
import { EmptyState } from "../../ui/EmptyState";

/** In place of a page while this browser works as `name` in the app around the dashboard. */
export function PageClosed({ name }: { name: string }) {
  // Loaded anew, as the browser may keep in mind what it could not load.
  const again = () => location.reload();
  const ways = (
    <Group justify="center">
      <Button component="a" href={END_PAGE}>
        End the session…
      </Button>
      <Button variant="default" onClick={again}>
        Try again
      </Button>
    </Group>
  );
  return (
    <EmptyState page scene="dark" title={`You are working as ${name}`} action={ways}>
      The dashboard is closed to this browser until you end that session, here or in the banner over{" "}
      <Anchor href="/" underline="always">
        the app
      </Anchor>
      .
    </EmptyState>
  );
}
