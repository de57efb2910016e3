/** Why nothing could be started on this machine, whatever the module is. */
export interface StartFault {
  readonly message: string;
  readonly nextStep: string;
}

/** What to say about a start that no module would survive; `reason` is what was seen of it. */
export function startFault(reason: string, workerd: string): StartFault {
  const { message, nextStep } = KNOWN.find(({ seen }) => seen.test(reason)) ?? OTHER;
  return {
    message: `${message} (${reason.replaceAll(/[^\P{C}\n]/gu, '')})`,
    nextStep: nextStep.replace('{workerd}', workerd),
  };
}

interface Known extends StartFault {
  /** In the reason, by which the fault is known. */
  readonly seen: RegExp;
}

const SYSTEM = `${process.platform}-${process.arch}`;

const OTHER: StartFault = {
  message: 'The runtime does not start on this machine.',
  nextStep:
    'Look at the log of the embedded platform, restart it, and try again. If it stays so, reinstall the extension.',
};

const KNOWN: readonly Known[] = [
  {
    seen: /^The start was cancelled/,
    message: 'The embedded platform was stopped meanwhile.',
    nextStep: 'Start it and try again.',
  },
  {
    seen: /\bspawn\b.*\b(EACCES|EPERM)\b/,
    message: 'The runtime must not be executed.',
    nextStep:
      'Make {workerd} executable and see that its folder is not mounted with "noexec", or reinstall the extension. Then try again.',
  },
  {
    seen: /\bspawn\b.*\bENOENT\b/,
    message: "The runtime's program is missing.",
    nextStep:
      'Reinstall the extension (it belongs at {workerd}), restart the embedded platform, and try again.',
  },
  {
    seen: /\bspawn\b.*\b(ENOEXEC|UNKNOWN|EBADARCH)\b|[Ss]yntax error|not found$|not found \(required by|cannot execute|shared librar|[Ee]xec format/,
    message: `The runtime's program does not run on ${SYSTEM}.`,
    nextStep: `Install the extension that is made for ${SYSTEM}, restart the embedded platform, and try again. ({workerd})`,
  },
  {
    seen: /\bENOSPC\b|No space left|disk is full/i,
    message: 'There is no space left on the disk.',
    nextStep: 'Free some space on the disk that holds the state of the embedded platform, and try again.',
  },
  {
    seen: /\b(EACCES|EPERM|EROFS)\b.*\b(mkdir|open)\b/,
    message: 'The state folder of the embedded platform cannot be written.',
    nextStep: 'Make the folder writable for you, or choose another one, and try again.',
  },
  {
    seen: /\b(EAGAIN|ENOMEM|EMFILE|ENFILE)\b|out of memory/i,
    message: 'This machine has no memory or processes left.',
    nextStep: 'End other programs and try again.',
  },
  {
    seen: /^Socket /,
    message: 'The runtime gets no port on 127.0.0.1.',
    nextStep: 'See whether a firewall or security software forbids it, and try again.',
  },
];
