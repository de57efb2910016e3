import { spawn } from 'node:child_process';

/**
 * Runs a command to its end and resolves to its output. Rejects with the first lines of its output when it fails.
 * `show` passes the output on while it runs.
 */
export async function run(command, args, { cwd, env, show = false } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    // npm is a .cmd file on Windows.
    shell: process.platform === 'win32',
  });
  let output = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr?.on('data', (data) => (output += data));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  if (code === 0) return output;
  const head = output.trim().split('\n').slice(0, 40).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with ${code}${head === '' ? '' : `:\n${head}`}`);
}

/** Says what is being done, and afterwards how long it took. */
export async function step(title, work) {
  const started = Date.now();
  console.log(`• ${title}`);
  const value = await work();
  const seconds = (Date.now() - started) / 1000;
  if (seconds > 2) console.log(`  done in ${seconds.toFixed(1)} s`);
  return value;
}
