/*
 * What Butterbase adds to a Durable Object class: the global `butterbase` and the environment that every
 * class gets. Written by "Durable Objects: Write Type Declarations".
 *
 * Own environment variables and the namespaces of other classes are not known here. Declare them in a file
 * beside this one, such as env.d.ts:
 *
 *     declare namespace Cloudflare {
 *       interface Env {
 *         readonly API_TOKEN: string;
 *         readonly CHAT_ROOM: DurableObjectNamespace;
 *       }
 *     }
 */

declare namespace Cloudflare {
  /** `this.env` of a class. Values are strings. */
  interface Env {
    readonly BUTTERBASE_APP_ID: string;
    readonly BUTTERBASE_APP_NAME: string;
    readonly BUTTERBASE_API_URL: string;
    readonly BUTTERBASE_REGION: string;
    /** Key that browsers may know; it stands for nobody in particular. */
    readonly BUTTERBASE_ANON_KEY: string;
    readonly BUTTERBASE_SUBDOMAIN?: string;
    readonly BUTTERBASE_FRONTEND_URL?: string;
    readonly BUTTERBASE_STRIPE_ACCOUNT_ID?: string;
    readonly BUTTERBASE_AI_DEFAULT_MODEL?: string;
  }
}

/** Options of a call to another class or to a function of the app. */
interface ButterbaseCallOptions {
  /** Default: POST. GET and HEAD carry no body. */
  readonly method?: string;
  /** Further headers; those that the platform sets cannot be replaced. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as Butterbase sees it. */
interface ButterbaseContext<Env> {
  /** The environment without the platform's own keys. */
  readonly env: Env;
  /**
   * The person on whose behalf a function of the app, or another class, made the call; null when there is
   * none. Anybody who can reach the instance directly can claim to be anybody: check a token where it matters.
   */
  readonly user: { readonly id: string } | null;
  readonly request: {
    /** Who called inside the app, such as `fn:checkout`; null for a call from outside. */
    readonly caller: string | null;
    /** Calls between classes and functions that led here. More than 4 are refused. */
    readonly loopDepth: number;
  };
  readonly state: DurableObjectState;
  /**
   * Calls an instance of a class of this app, past its access mode.
   *
   *     const room = await butterbase.ctx(request, this.env, this.ctx).invokeDO('chat-room', 'lobby', { text: 'hi' });
   *
   * @param className the DO name, such as `chat-room`
   * @param instanceKey the name of the instance
   * @param body a string as it is, everything else as JSON
   */
  invokeDO(
    className: string,
    instanceKey: string,
    body?: unknown,
    options?: ButterbaseCallOptions,
  ): Promise<Response>;
  /**
   * Calls a function of this app.
   *
   * @param functionName the name of the function
   * @param body a string as it is, everything else as JSON
   */
  invoke(functionName: string, body?: unknown, options?: ButterbaseCallOptions): Promise<Response>;
}

declare const butterbase: {
  /**
   * What Butterbase knows about a request, and the way to call other classes and functions.
   *
   *     const { user, invoke } = butterbase.ctx(request, this.env, this.ctx);
   */
  ctx<Env = Cloudflare.Env>(request: Request, env: Env, state: DurableObjectState): ButterbaseContext<Env>;
};
