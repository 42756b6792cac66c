import type { MailServer, SetMailServer } from "../../api/types";

/** What somebody types about the mail server. */
export interface MailDraft {
  host: string;
  port: number;
  tls: SetMailServer["tls"] & string;
  sender: string;
  user: string;
  password: string;
}

export const TLS_MODES = [
  { value: "starttls", label: "STARTTLS" },
  { value: "implicit", label: "TLS from the start" },
  { value: "none", label: "None, inside our network only" },
];

export function draftOf(server: MailServer): MailDraft {
  return {
    host: server.host ?? "",
    port: server.port ?? 587,
    tls: server.tls ?? "starttls",
    sender: server.sender ?? "",
    user: server.user ?? "",
    password: "",
  };
}

/** What is sent: a password that was not typed stays as it is. */
export function sentOf({ host, port, tls, sender, user, password }: MailDraft): SetMailServer {
  return {
    host: host.trim(),
    port,
    tls,
    sender: sender.trim(),
    ...(user.trim() !== "" && { user: user.trim() }),
    ...(password !== "" && { password }),
  };
}
