import { DoError, ERROR_CODES } from '../core/errors.ts';

/**
 * The host name of what somebody wrote for a host that may call the platform: `Codespace.example`, its address as
 * copied from a browser, or an IP address. Ports count for nothing and are left out.
 * @throws DoError for what no Host header can equal
 */
export function allowedHost(text: string): string {
  const given = text.trim();
  if (given.includes('*')) {
    throw invalid(text, 'Wildcards match nothing: name each host.');
  }
  const url = given.includes('://') ? given : `http://${bareIpV6(given) ? `[${given}]` : given}`;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (host === '' || /[\s@,;]/.test(given)) {
    throw invalid(text, 'Give one host name, such as codespace.example.');
  }
  return host;
}

function bareIpV6(text: string): boolean {
  return /^[\da-f:]*:[\da-f:]*:[\da-f:.]*$/i.test(text);
}

function invalid(text: string, nextStep: string): DoError {
  return new DoError({
    code: ERROR_CODES.invalidInput,
    message: `"${text}" is no host that could call the embedded platform.`,
    nextStep,
  });
}
