// Takes the place of the native logger `@vscode/spdlog` in the code-server of the rig, which is installed without
// compiling. Without it the editor's log files and the content of log output channels would be lost.
const { appendFileSync, mkdirSync } = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

exports.version = 1;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger('rotating_async', name, file);

class Logger {
  #file;
  #level = 2;
  #raw = false;

  constructor(type, name, file) {
    this.#file = file;
    if (file !== undefined) mkdirSync(path.dirname(file), { recursive: true });
  }

  trace = (message) => this.#write(0, message);
  debug = (message) => this.#write(1, message);
  info = (message) => this.#write(2, message);
  warn = (message) => this.#write(3, message);
  error = (message) => this.#write(4, message);
  critical = (message) => this.#write(5, message);
  getLevel = () => this.#level;
  setLevel = (level) => (this.#level = level);
  /** The editor calls this for channels whose lines carry their own time and level. */
  clearFormatters = () => (this.#raw = true);
  setPattern = () => {};
  flush = () => {};
  drop = () => (this.#file = undefined);

  #write(level, message) {
    if (this.#file === undefined || level < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    try {
      appendFileSync(this.#file, this.#raw ? message : `${time} [${LEVELS[level]}] ${message}\n`);
    } catch {
      // The folder of a stopped server may be gone. A log line must not end the process.
    }
  }
}
exports.Logger = Logger;
