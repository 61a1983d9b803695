/* Loaded into a program (LD_PRELOAD) to end or hinder it at one of its calls that change a disk.

   FAULT_LOG  a file: the name of every such call, and what it was about, a line each
   FAULT_AT   the number of a call, counted from 1
   FAULT_HOW  what happens there:
                kill      the process ends before the call
                half      the process ends in the middle of a write
                full      from there on there is no room: nothing is made and nothing grows
                readonly  from there on nothing can be changed
                denied    from there on no name may be made, changed or removed; what is open
                          can still be written */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int calls;

static void note(const char *name, const char *what) {
  const char *log = getenv("FAULT_LOG");
  if (!log) return;
  char line[4300];
  int length = snprintf(line, sizeof line, "%s %s\n", name, what ? what : "");
  int file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  syscall(SYS_write, file, line, length);
  syscall(SYS_close, file);
}

/* What becomes of a call: 0 for going on, else the error; -1 for half of a write. */
static int fate(const char *name, const char *what, int grows) {
  int number = atomic_fetch_add(&calls, 1) + 1;
  note(name, what);
  const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
  if (!at || !how || number < atoi(at)) return 0;
  if (!strcmp(how, "full")) return grows ? ENOSPC : 0;
  if (!strcmp(how, "readonly")) return EROFS;
  if (!strcmp(how, "denied")) return strcmp(name, "write") ? EACCES : 0;
  if (number > atoi(at)) return 0;
  if (!strcmp(how, "half") && !strcmp(name, "write")) return -1;
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define FAULT(name, what, grows)                \
  int error = fate(name, what, grows);            \
  if (error > 0) {                                \
    errno = error;                                \
    return -1;                                    \
  }
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
  struct stat status;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && count > 0) {
    char size[32];
    snprintf(size, sizeof size, "%zu", count);
    int error = fate("write", size, 1);
    if (error == -1) {
      syscall(SYS_write, file, bytes, count / 2);
      kill(getpid(), SIGKILL);
      for (;;) pause();
    }
    if (error) {
      /* A disk takes what it has room for before it is full. */
      if (error == ENOSPC && count > 1) syscall(SYS_write, file, bytes, count / 2);
      errno = error;
      return -1;
    }
  }
  return syscall(SYS_write, file, bytes, count);
}

#define OPENER(name, parameters, arguments)                             \
  int name parameters {                                                 \
    mode_t mode = 0;                                                    \
    if (flags & (O_CREAT | __O_TMPFILE)) {                              \
      va_list list;                                                     \
      va_start(list, flags);                                            \
      mode = va_arg(list, mode_t);                                      \
      va_end(list);                                                     \
    }                                                                   \
    if (flags & O_ACCMODE) {                                            \
      FAULT("open", path, (flags & O_CREAT) != 0)                     \
    }                                                                   \
    return NEXT(name) arguments;                                        \
  }
OPENER(open, (const char *path, int flags, ...), (path, flags, mode))
OPENER(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENER(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
OPENER(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))

int mkstemp(char *path) {
  FAULT("open", path, 1)
  return NEXT(mkstemp)(path);
}

int mkostemp(char *path, int flags) {
  FAULT("open", path, 1)
  return NEXT(mkostemp)(path, flags);
}

int rename(const char *path, const char *target) {
  FAULT("rename", target, 0)
  return NEXT(rename)(path, target);
}

int renameat(int from, const char *path, int to, const char *target) {
  FAULT("rename", target, 0)
  return NEXT(renameat)(from, path, to, target);
}

int renameat2(int from, const char *path, int to, const char *target, unsigned flags) {
  FAULT("rename", target, 0)
  return NEXT(renameat2)(from, path, to, target, flags);
}

int link(const char *path, const char *target) {
  FAULT("link", target, 1)
  return NEXT(link)(path, target);
}

int unlink(const char *path) {
  FAULT("unlink", path, 0)
  return NEXT(unlink)(path);
}

int unlinkat(int folder, const char *path, int flags) {
  FAULT("unlink", path, 0)
  return NEXT(unlinkat)(folder, path, flags);
}

int remove(const char *path) {
  FAULT("unlink", path, 0)
  return NEXT(remove)(path);
}

int rmdir(const char *path) {
  FAULT("rmdir", path, 0)
  return NEXT(rmdir)(path);
}

int mkdir(const char *path, mode_t mode) {
  FAULT("mkdir", path, 1)
  return NEXT(mkdir)(path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode) {
  FAULT("mkdir", path, 1)
  return NEXT(mkdirat)(folder, path, mode);
}

int ftruncate(int file, off_t size) {
  FAULT("truncate", "", 0)
  return NEXT(ftruncate)(file, size);
}
