import assert from 'node:assert/strict';
import { HttpError } from '../../../../src/local/api/errors.ts';
import { RateLimiter } from '../../../../src/local/api/rateLimit.ts';

suite('rate limit', () => {
  test('a window begins with its first request and lasts a minute', () => {
    let now = 1_000_000;
    const limiter = new RateLimiter(() => now);
    assert.deepEqual(limiter.count('a', 2), {
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-reset': '60',
    });
    now += 4500;
    assert.equal(limiter.count('a', 2)['x-ratelimit-reset'], '56');
    assert.throws(
      () => limiter.count('a', 2),
      (error) => {
        assert.ok(error instanceof HttpError);
        assert.equal(error.statusCode, 429);
        assert.equal(error.headers['retry-after'], '56');
        assert.match(JSON.stringify(error.body), /Rate limit exceeded, retry in 56 seconds/);
        return true;
      },
    );
    assert.equal(limiter.count('b', 2)['x-ratelimit-remaining'], '1');
    now += 55_500;
    assert.equal(limiter.count('a', 2)['x-ratelimit-remaining'], '1');
  });
});
