/** Where nothing is known of any request. */

import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What `work` gives, with whatever contexts there were when the app was loaded, its own as well.
 *
 * For what the SDK calls of the app's on behalf of nobody, although a request has set it going.
 */
export const outside: <T>(work: () => T) => T = AsyncLocalStorage.snapshot();
