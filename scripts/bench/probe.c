/* What the benchmark needs to be as cheap and exact as the fastest program that it measures.
 *
 *   probe time TIMES OUTPUT COMMAND...
 *       runs a command some times and prints a line each: when it began and ended, in ns of the monotonic
 *       clock, its processor time in µs, its exit code
 *   probe job FIFO NAME
 *       a job: writes its name, its pid and the time into the FIFO, then sleeps
 *   probe write LINES DONE
 *       a job: writes lines of 100 bytes, then when it began and ended into DONE, then sleeps
 *   probe crowd COUNT
 *       so many processes, which sleep until this one is killed
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINE 100
#define LINES_AT_ONCE 655

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long microseconds(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

_Noreturn static void sleep_for_ever(void) {
  for (;;) pause();
}

static void run(char **command, const char *output) {
  if (dup2(open("/dev/null", O_RDONLY), 0) < 0) _exit(126);
  int file = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644);
  if (dup2(file, 1) < 0 || dup2(file, 2) < 0) _exit(126);
  close(file);
  execvp(command[0], command);
  _exit(127);
}

static int times(int count, const char *output, char **command) {
  for (; count > 0; count--) {
    struct rusage use;
    int status;
    long long begin = now();
    pid_t child = vfork();
    if (child < 0) return 1;
    if (child == 0) run(command, output);
    while (wait4(child, &status, 0, &use) < 0)
      if (errno != EINTR) return 1;
    long long end = now();
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    printf("%lld %lld %lld %d\n", begin, end, microseconds(use.ru_utime) + microseconds(use.ru_stime), code);
  }
  return 0;
}

static int job(const char *fifo, const char *name) {
  char line[512];
  int length = snprintf(line, sizeof line, "%s %d %lld\n", name, getpid(), now());
  int pipe = open(fifo, O_WRONLY | O_CLOEXEC);
  if (pipe < 0 || write(pipe, line, length) != length) return 1;
  /* The FIFO stays open: when the last job is gone, its reader sees the end. */
  sleep_for_ever();
}

static int write_lines(long lines, const char *done) {
  static char block[LINE * LINES_AT_ONCE];
  memset(block, 'x', sizeof block);
  for (int at = 0; at < LINES_AT_ONCE; at++) block[at * LINE + LINE - 1] = '\n';
  long long begin = now();
  for (long left = lines * LINE; left > 0;) {
    ssize_t written = write(1, block, left < (long)sizeof block ? left : (long)sizeof block);
    if (written < 0 && errno != EINTR) return 1;
    if (written > 0) left -= written;
  }
  char draft[4096];
  snprintf(draft, sizeof draft, "%s.draft", done);
  FILE *file = fopen(draft, "w");
  if (file == NULL) return 1;
  fprintf(file, "%lld %lld\n", begin, now());
  if (fclose(file) != 0 || rename(draft, done) != 0) return 1;
  sleep_for_ever();
}

static int crowd(long count) {
  for (; count > 0; count--) {
    pid_t child = fork();
    if (child < 0) return 1;
    if (child > 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sleep_for_ever();
  }
  if (write(1, "ready\n", 6) != 6) return 1;
  sleep_for_ever();
}

int main(int count, char **words) {
  const char *what = count > 1 ? words[1] : "";
  if (!strcmp(what, "time") && count > 4) return times(atoi(words[2]), words[3], words + 4);
  if (!strcmp(what, "job") && count == 4) return job(words[2], words[3]);
  if (!strcmp(what, "write") && count == 4) return write_lines(atol(words[2]), words[3]);
  if (!strcmp(what, "crowd") && count == 3) return crowd(atol(words[2]));
  fprintf(stderr, "probe: unknown words\n");
  return 2;
}
