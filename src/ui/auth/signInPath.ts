/** Path of the address that a browser comes back to the editor with. */
export const SIGN_IN_PATH = '/sign-in';
