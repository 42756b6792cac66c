import { useMutation } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { signIn } from "../api/me";
import { ApiProblem } from "../api/problem";
import { staffPlaces } from "../api/staff";
import { AppSignIn } from "../components/entrance/AppSignIn";
import { Entrance } from "../components/entrance/Entrance";
import { SignInForm } from "../components/entrance/SignInForm";
import { useEnter } from "../hooks/use-enter";

export const Route = createLazyRoute("/sign-in")({ component: SignIn });

interface Credentials {
  email: string;
  password: string;
}

function SignIn() {
  const { next } = Route.useSearch();
  const places = staffPlaces();
  if (places !== null) {
    return (
      <Entrance
        title="Sign in through the app"
        lead="Understudy is a part of the app: whoever is signed in there as staff comes in here."
      >
        <AppSignIn signInAt={places.signInAt} next={next ?? "/"} />
      </Entrance>
    );
  }
  return <WithPassword next={next} />;
}

function WithPassword({ next }: { next: string | undefined }) {
  const enter = useEnter();
  const attempt = useMutation({
    mutationFn: ({ email, password }: Credentials) => signIn(email, password),
    onSuccess: (me) => enter(me, next),
  });
  const lead =
    next === undefined
      ? "With the account that your team gave you."
      : "Then you go straight on to the page that you asked for.";
  return (
    <Entrance title="Sign in" lead={lead}>
      <SignInForm
        busy={attempt.isPending}
        error={attempt.error && inWords(attempt.error)}
        onSubmit={(email, password) => attempt.mutate({ email, password })}
      />
    </Entrance>
  );
}

/** The service does not say which of the two was wrong, and neither do we. */
function inWords(error: Error): Error {
  const wrong = error instanceof ApiProblem && error.status === 401;
  return wrong ? new ApiProblem(401, { detail: "E-mail or password is wrong." }) : error;
}
