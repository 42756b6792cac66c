/**
 * Impersonation in the tests of your own app, without a service.
 *
 *     const gateway = new FakeGateway();
 *     app.use(understudyExpress(gateway.understudy(), { loadUser }));
 *
 *     const session = gateway.open({ subject: { id: "42" }, actor: { name: "Sam from Support" } });
 *     await request(app).get("/orders").set(session.headers);
 *     const [action] = await gateway.actions(session.id);
 *     expect(action.path).toBe("/orders");
 *
 *     await gateway.revoke(session.id);
 *
 * Nothing is sent anywhere. Recorded actions arrive a moment after the response, as they do in
 * earnest: `actions` waits for them.
 */

export type { FakeUser } from "./asks.ts";
export { FakeGateway, ISSUER, type OfferOptions, type OpenOptions } from "./fakeGateway.ts";
export { FakeSession } from "./sessions.ts";
