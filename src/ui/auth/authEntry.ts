/** Signing in and out. Built as a chunk of its own, which `auth.ts` loads: nothing of it is needed to start. */
export { askOrigin, signInAt, signInSomewhere } from '../session/signInDialog.ts';
export { isKnownOrigin } from './knownOrigin.ts';
export { signOutOf } from './signOutOf.ts';
export { receiveRedirect } from './uriReceiver.ts';
