/**
 * The `butterbase` object that every DO source can use without an import. Its globals (`fetch`, `JSON`, …) are
 * written bare on purpose: a source that declares a top-level name of the kind takes them over here as well,
 * on the platform and in this module alike.
 * @param hidden keys that `ctx.env` lacks, besides the platform's own
 */
export function butterbaseHelper(hidden: readonly string[] = []): string {
  return `
// The platform's helper for Durable Objects: butterbase.ctx(request, env, state).
const butterbase = {
  ctx(request, environment, state) {
    const header = (name) => request.headers.get(name);
    const caller = header('x-butterbase-internal-caller');
    const userId = header('x-butterbase-caller-user') || null;
    const loopDepth = Number(header('x-butterbase-loop-depth') || '0') || 0;
    const {
      DO_INVOKER_URL: invokerUrl,
      DO_INVOKER_TOKEN: invokerToken,
      BUTTERBASE_INTERNAL_FN_KEY: functionKey,
${hidden.map((key) => `      ${key}: hidden_${key},\n`).join('')}      ...env
    } = environment;

    const deeper = (what) => {
      if (loopDepth + 1 > 4) {
        throw new Error(what + ' stopped a loop: this call would be number ' + (loopDepth + 1) + ' of a chain, 4 are allowed');
      }
      return String(loopDepth + 1);
    };
    const send = (url, body, options, platformHeaders) => {
      const own = options && typeof options.headers === 'object' && options.headers ? options.headers : {};
      const method = options && typeof options.method === 'string' ? options.method : 'POST';
      const bare = body === undefined || method === 'GET' || method === 'HEAD';
      return fetch(url, {
        method,
        headers: {
          ...own,
          ...platformHeaders,
          'x-butterbase-internal-caller': caller || 'do:unknown',
          'x-butterbase-caller-user': userId || '',
          'content-type': 'application/json',
        },
        body: bare ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      });
    };

    return {
      env,
      user: userId ? { id: userId } : null,
      request: { caller, loopDepth },
      state,
      async invokeDO(className, instanceKey, body, options) {
        const depth = deeper('ctx.invokeDO');
        if (!invokerUrl || !invokerToken) {
          throw new Error('ctx.invokeDO needs DO_INVOKER_URL and DO_INVOKER_TOKEN in the environment of the class');
        }
        return send(invokerUrl + '/invoke', body, options, {
          'authorization': 'Bearer ' + invokerToken,
          'x-butterbase-app': environment.BUTTERBASE_APP_ID,
          'x-butterbase-class': className,
          'x-butterbase-instance': instanceKey,
          'x-butterbase-loop-depth': depth,
        });
      },
      async invoke(functionName, body, options) {
        const depth = deeper('ctx.invoke');
        if (!functionKey) {
          throw new Error('ctx.invoke needs the function key of the app in the environment of the class');
        }
        const app = environment.BUTTERBASE_API_URL + '/v1/' + environment.BUTTERBASE_APP_ID;
        return send(app + '/fn/' + encodeURIComponent(functionName), body, options, {
          'authorization': 'Bearer ' + functionKey,
          'x-butterbase-loop-depth': depth,
        });
      },
    };
  },
};
`;
}
