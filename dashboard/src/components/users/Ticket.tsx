/** A ticket, as a link where it is an address. */
export function Ticket({ ticket }: { ticket: string | null }) {
  if (ticket === null) return null;
  if (!isAddress(ticket)) return <span>Ticket {ticket}</span>;
  return (
    <a href={ticket} rel="noreferrer">
      Back to the ticket
    </a>
  );
}

/** Of the web: a `javascript:` address would run in this page. */
function isAddress(ticket: string): boolean {
  return /^https?:\/\//i.test(ticket) && URL.canParse(ticket);
}
