declare module 'pidusage' {
  /** `ctime`: user and system time of the process so far, ms. */
  export default function pidusage(pid: number): Promise<{ readonly ctime: number; readonly memory: number }>;
}
