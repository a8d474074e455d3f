/* The handlers of the watchdog's tests, good and hostile: handler CASE [ARGUMENT...]. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void say(int fd, const char *text) {
  if (write(fd, text, strlen(text)) < 0) _exit(99);
}

static void note_pid(const char *path, int pid) {
  FILE *file = fopen(path, "a");
  if (!file) _exit(98);
  fprintf(file, "%d\n", pid);
  fclose(file);
}

static void pause_forever(void) {
  signal(SIGTERM, SIG_IGN);
  for (;;) pause();
}

static int echo(void) {
  char buffer[65536];
  for (ssize_t count; (count = read(0, buffer, sizeof buffer)) > 0;)
    for (ssize_t done = 0; done < count;) {
      ssize_t written = write(1, buffer + done, (size_t)(count - done));
      if (written < 0) return 1;
      done += written;
    }
  return 0;
}

static int list_descriptors(void) {
  DIR *folder = opendir("/proc/self/fd");
  if (!folder) return 1;
  for (struct dirent *entry; (entry = readdir(folder));)
    if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(folder)) printf("%s ", entry->d_name);
  return 0;
}

static int write_bytes(long count) {
  char block[1000];
  memset(block, 'x', sizeof block);
  for (; count > 0; count -= (long)sizeof block)
    if (write(1, block, sizeof block) < 0) return 1;
  return 0;
}

/* A process that left the group, the session and its parent. */
static int daemonise(const char *pid_file) {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      note_pid(pid_file, getpid());
      pause_forever();
    }
    _exit(0);
  }
  struct timespec soon = {0, 1000000};
  while (access(pid_file, F_OK) != 0) nanosleep(&soon, NULL);
  say(1, "started");
  return 0;
}

int main(int count, char **words) {
  const char *what = count > 1 ? words[1] : "";
  const char *argument = count > 2 ? words[2] : "";
  if (strcmp(what, "echo") == 0) return echo();
  if (strcmp(what, "fail") == 0) {
    say(1, "some output\n");
    say(2, "the reason\n");
    return 1;
  }
  if (strcmp(what, "segv") == 0) {
    say(1, "before\n");
    raise(SIGSEGV);
  }
  if (strcmp(what, "stderr") == 0) {
    echo();
    say(2, "a line\nhalf a line");
    return 0;
  }
  if (strcmp(what, "never-reads") == 0) {
    say(1, "did not read");
    return 0;
  }
  if (strcmp(what, "closes-input") == 0) {
    close(0);
    struct timespec moment = {0, 50000000};
    nanosleep(&moment, NULL);
    say(1, "closed");
    return 0;
  }
  if (strcmp(what, "reads-late") == 0) {
    struct timespec moment = {0, 300000000};
    nanosleep(&moment, NULL);
    return echo();
  }
  if (strcmp(what, "never-ends") == 0) {
    if (fork() == 0) {
      note_pid(argument, getpid());
      pause_forever();
    }
    note_pid(argument, getpid());
    pause_forever();
  }
  if (strcmp(what, "leaves-child") == 0) {
    int pid = fork();
    if (pid == 0) pause_forever(); /* and holds stdout */
    note_pid(argument, pid);
    say(1, "parent done");
    return 0;
  }
  if (strcmp(what, "daemon") == 0) return daemonise(argument);
  if (strcmp(what, "flood") == 0) return write_bytes(0x7fffffffffffffffL);
  if (strcmp(what, "write") == 0) {
    int status = write_bytes(atol(argument));
    return count > 3 ? atoi(words[3]) : status;
  }
  if (strcmp(what, "closes-output") == 0) {
    say(1, "early");
    close(1);
    close(2);
    struct timespec moment = {0, 50000000};
    nanosleep(&moment, NULL);
    return 3;
  }
  if (strcmp(what, "descriptors") == 0) return list_descriptors();
  if (strcmp(what, "environment") == 0) {
    for (char **entry = environ; *entry; ++entry) printf("%s\n", *entry);
    return 0;
  }
  fprintf(stderr, "unknown case \"%s\"\n", what);
  return 2;
}
