/**
 * The numbered rules that the charts carry in the `meta` of their transitions: D and C are spec.md's bullets,
 * J the job's, H those of its hooks.
 */
export interface Rule {
  readonly id: string;
  readonly text: string;
}

/** Each bullet of the specification's daemon state machine, in its order and its words. */
export const DAEMON_RULES: readonly Rule[] = [
  { id: 'D-1', text: 'Start -> InitHomes' },
  { id: 'D-2', text: 'InitHomes: Success -> OpenSocket(Homes)' },
  { id: 'D-3', text: 'InitHomes: Failure -> Exit(Err(InitHomesError))' },
  { id: 'D-4', text: 'OpenSocket(Homes): Success -> ReceiveRequest(Socket)' },
  { id: 'D-5', text: 'OpenSocket(Homes): Failure -> Exit(Err(SocketOpenError))' },
  { id: 'D-6', text: 'ReceiveRequest(Socket): Success -> ProcessRequest(Socket, Request)' },
  { id: 'D-7', text: 'ReceiveRequest(Socket): Failure -> Exit(Err(SocketReadError))' },
  { id: 'D-8', text: 'ProcessRequest(Socket, Request): "DIE" -> Exit(Ok(()))' },
  { id: 'D-9', text: 'ProcessRequest(Socket, Request): other -> SendResponse(Socket)' },
  { id: 'D-10', text: 'SendResponse(Socket): Success -> ReceiveRequest(Socket)' },
  { id: 'D-11', text: 'SendResponse(Socket): Failure -> Exit(Err(SocketWriteError))' },
  { id: 'D-12', text: 'Exit(Result<(), Error>) -> Done' },
];

/** Each bullet of the specification's client state machine, in its order and its words. */
export const CLIENT_RULES: readonly Rule[] = [
  { id: 'C-1', text: 'Start -> InitHomes' },
  { id: 'C-2', text: 'InitHomes: Success -> CheckSocketExists(Homes)' },
  { id: 'C-3', text: 'InitHomes: Failure -> Exit(Err(InitHomesError))' },
  { id: 'C-4', text: 'CheckSocketExists(Homes): Success -> OpenSocket(Homes)' },
  { id: 'C-5', text: 'CheckSocketExists(Homes): Failure -> LaunchDaemon' },
  { id: 'C-6', text: 'OpenSocket(Homes): Success -> SendRequest(Socket)' },
  { id: 'C-7', text: 'OpenSocket(Homes): Failure -> DeleteSocketFile(Homes)' },
  { id: 'C-8', text: 'SendRequest(Socket): Success -> ReadResponse(Socket)' },
  { id: 'C-9', text: 'SendRequest(Socket): Failure -> CloseSocket(Socket, Exit(Err(SocketSendError)))' },
  { id: 'C-10', text: 'CloseSocket(Socket, State) -> param state' },
  { id: 'C-11', text: 'DeleteSocketFile(Homes) -> LaunchDaemon(Homes)' },
  { id: 'C-12', text: 'LaunchDaemon(Homes): Success -> OpenSocket(Homes)' },
  { id: 'C-13', text: 'LaunchDaemon(Homes): Failure -> Exit(Err(DaemonLaunchError))' },
  { id: 'C-14', text: 'ReadResponse(Socket): Success -> CloseSocket(Socket, PrintResponse(Response))' },
  { id: 'C-15', text: 'ReadResponse(Socket): Failure -> CloseSocket(Socket, Exit(Err(SocketReadError)))' },
  { id: 'C-16', text: 'PrintResponse(Response) -> Exit(Ok(()))' },
  { id: 'C-17', text: 'Exit(Result<(), Error>) -> Done' },
];

/**
 * The job's lifecycle. The specification asks for it in two of its requirements and draws no chart of it:
 * these rules are ours.
 */
export const JOB_RULES: readonly Rule[] = [
  { id: 'J-1', text: 'A trigger gives the job its config as it is now, without touching its child' },
  { id: 'J-2', text: 'A job without a test should be running' },
  { id: 'J-3', text: 'A test that passes says that the job should be running' },
  { id: 'J-4', text: 'A test that fails says that the job should not be running' },
  { id: 'J-5', text: 'A test without a verdict starts and stops nothing' },
  { id: 'J-6', text: 'A start or restart by hand of a job that is held or undecided asks its test again' },
  { id: 'J-7', text: 'A stop by hand says that the job should not be running, whatever its test says' },
  { id: 'J-8', text: 'Only a start or restart by hand ends a stop by hand' },
  { id: 'J-9', text: 'A job that the config no longer names should not be running' },
  {
    id: 'J-10',
    text: 'A daemon that dies on request takes every job down, but remembers a stop by hand as what it was',
  },
  {
    id: 'J-11',
    text:
      'What went down with the daemon comes back with the next one, as soon as its test allows it, ' +
      'with its counters at zero',
  },
  { id: 'J-12', text: 'A job that is named again while it is being removed is a job again' },
  {
    id: 'J-13',
    text: 'Every trigger runs the test of every job that is neither stopped by hand nor disabled',
  },
  { id: 'J-14', text: 'The test runs before every start and restart' },
  {
    id: 'J-15',
    text: 'A job with a test interval runs its test by itself each time the interval has passed',
  },
  { id: 'J-16', text: 'A daemon that comes back takes up what was under way' },
  { id: 'J-17', text: 'A test that outlives its time is ended with its whole group' },
  { id: 'J-18', text: 'The verdict of the newest test is remembered, an older one changes nothing' },
  { id: 'J-19', text: 'A job that is stopped by hand, removed or taken down needs no verdict any more' },
  {
    id: 'J-20',
    text: 'A job that is down and wanted waits for its time and for the jobs that it comes after',
  },
  { id: 'J-21', text: 'A job that waits for nothing and whose test has passed starts' },
  { id: 'J-22', text: 'A job starts only while every job that it comes after is up' },
  {
    id: 'J-23',
    text:
      'A scheduled job starts when its time has come, and waits for the next one when it has ended, ' +
      'failed or not',
  },
  { id: 'J-24', text: 'A start by hand starts now, with its counters at zero' },
  { id: 'J-25', text: 'A job that is waiting, in backoff or failed and not wanted any more is down' },
  { id: 'J-26', text: 'A wanted job whose test has no verdict tries again after a backoff' },
  { id: 'J-27', text: 'A child runs its program only after it has been recorded' },
  { id: 'J-28', text: 'A child that cannot start until something is mended fails the job and says why' },
  {
    id: 'J-29',
    text:
      'A child that cannot start just now, or that ran before, is tried again after a backoff, ' +
      'without counting as a failed start',
  },
  {
    id: 'J-30',
    text:
      'A child counts as running when it is ready, or after its start time where no readiness is ' +
      'asked for',
  },
  { id: 'J-31', text: 'What a child that ended by itself left behind is ended before anything else happens' },
  { id: 'J-32', text: 'A child that is not ready in time is a failed start and is stopped' },
  { id: 'J-33', text: 'A restart by hand asks the test, then stops the child and starts a new one' },
  {
    id: 'J-34',
    text: 'A child whose program or environment has changed is replaced as soon as its test allows a start',
  },
  { id: 'J-35', text: 'A child that is not wanted any more is stopped' },
  {
    id: 'J-36',
    text: 'A job that is meant to stay up and has run long enough gets its counters back to zero',
  },
  { id: 'J-37', text: 'A child that was asked to end is over only when its whole group is gone' },
  { id: 'J-38', text: 'A group that outlives the stop time-out is killed, again and again until it is gone' },
  { id: 'J-39', text: 'A job that went down comes back, as its restart policy says, after its backoff' },
  { id: 'J-40', text: 'A job that failed too often in a row is given up' },
  {
    id: 'J-41',
    text:
      'A job that has ended stays so until its config asks for another run or somebody starts or ' +
      'stops it',
  },
  { id: 'J-42', text: 'A trigger gives a job in backoff or failed a fresh start at once' },
  { id: 'J-43', text: 'A removed job is forgotten when nothing of it is left' },
  { id: 'J-44', text: 'A scheduled job that its test holds asks the test again each time its time has come' },
  {
    id: 'J-45',
    text: 'A scheduled job that runs at start does so when it becomes known and when the daemon starts',
  },
  {
    id: 'J-46',
    text: 'A job that ended without success and is not restarted has failed, and its exit is the reason',
  },
  { id: 'J-47', text: 'A job that its config disables should not be running' },
  { id: 'J-48', text: 'Only a start by hand starts a job that its config disables' },
  { id: 'J-49', text: 'A job with a check or a memory limit is checked while it is running, and only then' },
  { id: 'J-50', text: 'A job whose check fails too often in a row is stopped and treated like a crash' },
  {
    id: 'J-51',
    text: 'A job that is above its memory limit in two samples in a row is stopped and treated like a crash',
  },
  {
    id: 'J-52',
    text: 'A copy that is replaced in its turn keeps its child until then; another child has the new config',
  },
  { id: 'J-53', text: 'A failed check counts neither for another check nor for a run of an earlier config' },
];

/** What users may rely on of the hooks that a job has with the key `on`. */
export const HOOK_RULES: readonly Rule[] = [
  { id: 'H-1', text: 'A hook runs when its job has entered the state that it is for' },
  { id: 'H-2', text: 'One hook of a job runs at a time, and only the one asked for last waits' },
  { id: 'H-3', text: 'A hook is over when it has ended, well or not' },
  { id: 'H-4', text: 'A hook that runs for too long is killed with its whole group' },
  { id: 'H-5', text: 'A hook that a daemon has left unfinished is run again by the next one' },
  { id: 'H-6', text: 'A hook that was being killed for its time is not run again' },
];
