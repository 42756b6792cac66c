export const dynamic = "force-dynamic";

export function GET() {
  const parts = ["<html><head></head><body>first ", "second</body></html>"];
  const stream = new ReadableStream({
    pull: (controller) => {
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(part));
    },
  });
  return new Response(stream, { headers: { "Content-Type": "text/html" } });
}
