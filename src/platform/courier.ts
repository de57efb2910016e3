import { setTimeout as sleep } from 'node:timers/promises';
import { DoError, isCancelled } from '../core/errors.ts';
import { CircuitBreaker, type BreakerOptions, type Pass, type Reached } from './circuitBreaker.ts';
import {
  ANSWER_LOST,
  answerLost,
  cancelled,
  hostDown,
  isDistrust,
  networkFailure,
  type Failure,
  type RequestFacts,
} from './networkErrors.ts';
import { isLoopbackOrigin } from './origin.ts';
import { type Proxy, shownProxy } from './proxy.ts';
import { RateGate } from './rateGate.ts';
import { backoff, isGatewayFailure, pauseAfter, RETRY_POLICY, type RetryPolicy } from './retryPolicy.ts';
import { NoAnswer, Transport, type Answer, type Request } from './transport.ts';

export interface Call extends Request {
  /** What the platform counts together for its rate limit: method, route and app. */
  readonly route: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the answer must be there, with all pauses and repetitions. */
  readonly timeoutMs: number;
  /** Asks also while the host counts as unreachable. */
  readonly insist?: boolean;
}

export interface CourierOptions {
  readonly proxy?: Proxy | undefined;
  readonly retry?: Partial<RetryPolicy>;
  readonly breaker?: BreakerOptions;
}

/**
 * Gets requests answered: sends a read again while that may help and there is time, waits where the platform
 * said that it limits, and leaves a host alone that does not answer. A change goes out once. It is sent again
 * only when there was no connection for it, so that nothing of it can have arrived.
 */
export class Courier {
  readonly #transport: Transport;
  readonly #origin: string;
  readonly #proxy: Proxy | undefined;
  readonly #policy: RetryPolicy;
  readonly #breaker: CircuitBreaker;
  readonly #gate = new RateGate();
  readonly #closing = new AbortController();
  readonly #changes = new Set<Promise<unknown>>();
  /** Why the host did not answer last time. */
  #lastFailure: DoError | undefined;

  /**
   * @param origin as made by `normaliseOrigin`
   * @param headers of every request, with the key in them
   */
  constructor(origin: string, headers: Readonly<Record<string, string>>, options: CourierOptions = {}) {
    this.#origin = origin;
    this.#proxy = options.proxy;
    this.#policy = { ...RETRY_POLICY, ...options.retry };
    const breaker = isLoopbackOrigin(origin) ? { ...NEARBY, ...options.breaker } : options.breaker;
    this.#breaker = new CircuitBreaker(breaker);
    this.#transport = new Transport(origin, headers, options.proxy);
  }

  /**
   * The answer to a request, whatever its status: that of the last time it was sent.
   * @throws DoError when there is no complete answer.
   */
  async send(call: Call): Promise<Answer> {
    if (this.#closing.signal.aborted) throw cancelled();
    if (call.method === 'GET') {
      return this.#guarded(call, either(call.signal, this.#closing.signal));
    }
    const change = this.#guarded(call, call.signal ?? NEVER);
    this.#changes.add(change);
    try {
      return await change;
    } finally {
      this.#changes.delete(change);
    }
  }

  /**
   * Ends all connections. Reads under way fail as cancelled; changes under way come to their end first: the
   * platform would carry them out anyway, and nobody would know.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#changes);
    await this.#transport.close();
  }

  /** Asks only a host that is there, and takes note of whether it was. */
  async #guarded(call: Call, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) throw cancelled(signal.reason);
    const pass = this.#breaker.enter(call.insist) ?? (await this.#afterProbe(call, signal));
    let reached: Reached = 'undecided';
    try {
      const answer = await this.#repeated(call, signal, pass.isProbe ? 1 : this.#policy.attempts);
      reached = isGatewayFailure(answer) ? 'unreached' : 'reached';
      this.#lastFailure = reached === 'reached' ? undefined : gatewayFailure(this.#origin, answer);
      return answer;
    } catch (error) {
      // Who broke off after a change had arrived is there.
      const isThere = error instanceof DoError && error.code === ANSWER_LOST;
      if (!(error instanceof DoError) || isCancelled(error) || isThere) throw error;
      reached = 'unreached';
      this.#lastFailure = error;
      throw error;
    } finally {
      pass.left(reached);
    }
  }

  /** The host is left alone. When it is being tried just now, what comes of that is waited for, but not long. */
  async #afterProbe(call: Call, signal: AbortSignal): Promise<Pass> {
    const patience = new AbortController();
    const waiting = rest(Math.min(PROBE_WAIT_MS, call.timeoutMs), AbortSignal.any([signal, patience.signal]));
    await Promise.race([this.#breaker.probeOver(), waiting.catch(() => undefined)]);
    patience.abort();
    if (signal.aborted) throw cancelled(signal.reason);
    const pass = this.#breaker.enter();
    if (pass !== undefined) return pass;
    const outage = this.#breaker.outage ?? { since: Date.now(), retryAt: Date.now() };
    throw hostDown(this.#origin, outage, this.#lastFailure, call.method !== 'GET');
  }

  async #repeated(call: Call, signal: AbortSignal, attempts: number): Promise<Answer> {
    const deadline = performance.now() + call.timeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      await this.#untilAllowed(call, deadline, signal);
      const outcome = await this.#once(call, deadline, signal, attempt < attempts);
      if (!('error' in outcome)) this.#gate.learn(call.route, outcome);
      const pause = attempt < attempts ? this.#pause(call, outcome, attempt) : undefined;
      if (pause === undefined || performance.now() + pause >= deadline) {
        if ('error' in outcome) throw outcome.error;
        return outcome;
      }
      await rest(pause, signal);
    }
  }

  /** Waits for the end of a rate limit, if there is time for that; else the platform may say it once more. */
  async #untilAllowed(call: Call, deadline: number, signal: AbortSignal): Promise<void> {
    if (call.method !== 'GET') return;
    const waitMs = this.#gate.waitOf(call.route);
    if (waitMs > 0 && performance.now() + waitMs < deadline) await rest(waitMs, signal);
  }

  async #once(
    call: Call,
    deadline: number,
    signal: AbortSignal,
    mayRepeat: boolean,
  ): Promise<Answer | Failure> {
    const left = Math.max(1, deadline - performance.now());
    const isRead = call.method === 'GET';
    // A connection that the machine's sleep or a network change has killed is silent: half of the time is for another.
    const share = isRead && mayRepeat && left / 2 >= this.#policy.patienceMs ? left / 2 : left;
    const trusting = this.#transport.trustsMachine;
    try {
      return await this.#transport.send(call, share, signal);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.why === 'stopped') throw stopped(call, error);
      if (!trusting && isDistrust(error) && this.#transport.trustMachine()) {
        return await this.#once(call, deadline, signal, mayRepeat);
      }
      const facts: RequestFacts = {
        origin: this.#origin,
        proxy: shownProxy(this.#proxy),
        changes: !isRead,
        timeoutMs: call.timeoutMs,
      };
      const failure = networkFailure(error, facts);
      return { ...failure, passes: failure.passes && (isRead || !error.wasSent) };
    }
  }

  /** Milliseconds until it is sent again; undefined when it is not. */
  #pause(call: Call, outcome: Answer | Failure, attempt: number): number | undefined {
    if ('error' in outcome) return outcome.passes ? backoff(this.#policy, attempt) : undefined;
    return call.method === 'GET' ? pauseAfter(outcome, this.#policy, attempt) : undefined;
  }
}

/** Of this machine: to ask costs nobody anything, and a platform that was started again should be seen soon. */
const NEARBY: BreakerOptions = { firstPauseMs: 250, longestPauseMs: 2_000 };

/** Milliseconds that a call waits for what another one finds out about the host. */
const PROBE_WAIT_MS = 1_000;

/** Aborts never. */
const NEVER = new AbortController().signal;

function either(one: AbortSignal | undefined, other: AbortSignal): AbortSignal {
  return one === undefined ? other : AbortSignal.any([one, other]);
}

function gatewayFailure(origin: string, { status }: Answer): DoError {
  return new DoError({
    code: `HTTP_${status}`,
    message: `A proxy before ${origin} answered ${status}.`,
    nextStep: 'Check whether the platform runs.',
    status,
  });
}

/** The platform does not stop a change because nobody waits for its answer any more. */
function stopped(call: Call, error: NoAnswer): DoError {
  return call.method !== 'GET' && error.wasSent
    ? answerLost('You stopped waiting for the answer.', error)
    : cancelled(error);
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    throw cancelled(error);
  });
}
