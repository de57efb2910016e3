import tls, { type SecureContext } from 'node:tls';

let context: SecureContext | undefined;

/**
 * Trusts what Node trusts and, besides, the certificates that this machine trusts: companies that look into
 * encrypted connections, and platforms with certificates of their own, have theirs there. To read them takes about
 * 100 ms, so that is left until somebody's certificate was not trusted. Undefined when this Node cannot.
 */
export function machineTrust(): SecureContext | undefined {
  if (!('getCACertificates' in tls)) return undefined;
  context ??= tls.createSecureContext({
    ca: [...tls.getCACertificates('default'), ...tls.getCACertificates('system')],
  });
  return context;
}
