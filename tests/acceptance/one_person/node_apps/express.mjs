/** The notebook on Express. */

import { understudyExpress } from "@understudy/node/express";
import express from "express";
import { isServing, options, PAGES, signedIn, signIn, understudy, write } from "./notebook.mjs";

const app = express();
app.use(understudyExpress(understudy, options));
app.use(express.urlencoded({ extended: false }));
app.use((request, _, next) => {
  request.user = signedIn(request.headers.cookie);
  next();
});

for (const [path, page] of Object.entries(PAGES)) {
  app.get(path, (request, response) => response.send(page(request.user)));
}
app.get("/sign-in/:id", (request, response) => {
  response.set("set-cookie", signIn(request.params.id)).redirect("/");
});
app.post("/notes/new", (request, response) => {
  write(request.user, request.body.text);
  response.redirect("/");
});

app.listen(Number(process.env.PORT), "127.0.0.1", isServing);
