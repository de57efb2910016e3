import { randomBytes } from 'node:crypto';

export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ConsentFacts {
  /** What the program calls itself: not proved by anything. */
  readonly clientName: string | null;
  readonly redirectUri: string;
  readonly signedRequest: string;
}

/**
 * Asks whether a program may have a key. The answer is sent with a key of this platform, which proves that who
 * answers may: other programs and other users of this machine can open the page too.
 */
export function consentPage(facts: ConsentFacts): Page {
  const nonce = randomBytes(16).toString('base64');
  const name = facts.clientName ?? 'A program without a name';
  return page(
    nonce,
    `<h1>Allow <bdi>${escape(name)}</bdi>?</h1>
<p>It asks for a key of the embedded platform. With the key it can read, deploy and delete all your apps here, until
you revoke it. It gets the answer at <code>${escape(targetOf(facts.redirectUri))}</code>. If you did not just start to
sign in, choose Deny.</p>
<form id="form" data-request="${escape(facts.signedRequest)}">
<label for="key">Key of this platform</label>
<input id="key" type="password" autocomplete="off" spellcheck="false" required aria-describedby="where message">
<p id="where">The platform printed it when it started; it also stands in <code>platform.json</code> of its state folder.</p>
<p id="message" role="alert"></p>
<button type="submit" value="approve">Allow</button>
<button type="submit" value="deny">Deny</button>
</form>
<script nonce="${nonce}">${SCRIPT}</script>`,
  );
}

/** Says why there is nothing to ask. */
export function refusalPage(why: string): Page {
  return page(randomBytes(16).toString('base64'), `<h1>Sign-in cannot go on</h1>\n<p>${escape(why)}</p>`);
}

const SCRIPT = `
const form = document.getElementById('form');
const message = document.getElementById('message');
const texts = {
  AUTH_INVALID_API_KEY: 'That key is wrong, revoked or expired.',
  login_required: 'Enter a key of this platform.',
  invalid_request: 'This page is too old. Start to sign in again.',
};
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  message.textContent = '';
  try {
    const response = await fetch('authorize/decide', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer ' + document.getElementById('key').value.trim(),
      },
      body: JSON.stringify({
        st: form.dataset.request,
        decision: event.submitter.value,
        target: { key_scope: 'account', additional_scopes: [] },
      }),
    });
    const body = await response.json();
    if (response.ok) {
      const target = new URL(body.redirect_to);
      if (['javascript:', 'data:', 'blob:', 'file:'].includes(target.protocol)) throw new Error();
      location.replace(target);
      message.textContent = 'Done. You can close this page.';
      return;
    }
    const code = typeof body.error === 'string' ? body.error : body.error.code;
    message.textContent = texts[code] ?? 'The platform answered ' + response.status + '.';
  } catch {
    message.textContent = 'The platform cannot be reached.';
  }
});
`;

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 38rem; margin: 4rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: 0.4rem; }
button { font: inherit; padding: 0.4rem 1.2rem; margin-right: 0.5rem; }
`;

function page(nonce: string, body: string): Page {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Embedded platform: sign in</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  };
}

/** Where the answer goes, without what only programs read. */
function targetOf(redirectUri: string): string {
  const { protocol, host } = new URL(redirectUri);
  return `${protocol}//${host}`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
