// The floor under any build: writes the files of a finished site again, the same paths with the same
// bytes, on two threads, and does nothing else. Prints the seconds that writing took.
//
//     floor SITE
//
// It reads the site into memory, prints a line, and waits for one while somebody removes the site, so that
// the files come into the same room as they did before. Where memory is too small, it writes zeros for the
// bytes. The clock runs while files are written.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { threads = 2 };

struct file { char *path; char *bytes; size_t size; };

static struct file *files;
static size_t count, capacity, total, longest;
static char *zeros;

static void fail(const char *what) { perror(what); exit(1); }

static int visit(const char *path, const struct stat *status, int kind, struct FTW *walk) {
    (void)walk;
    if (kind == FTW_F) {
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 1024;
            if (!(files = realloc(files, capacity * sizeof *files))) fail("realloc");
        }
        size_t size = (size_t)status->st_size;
        files[count++] = (struct file){strdup(path), NULL, size};
        total += size;
        if (size > longest) longest = size;
    }
    return 0;
}

static void load(struct file *file) {
    int descriptor = open(file->path, O_RDONLY);
    if (descriptor < 0 || !(file->bytes = malloc(file->size + 1))) fail(file->path);
    if (read(descriptor, file->bytes, file->size) != (ssize_t)file->size) fail(file->path);
    close(descriptor);
}

static int fits(void) {
    double room = (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    return (double)total < room / 3;
}

static void make_folder_above(char *path) {
    char *slash = strrchr(path, '/');
    *slash = 0;
    if (mkdir(path, 0755) && errno != EEXIST) {
        if (errno != ENOENT) fail(path);
        make_folder_above(path);
        if (mkdir(path, 0755) && errno != EEXIST) fail(path);
    }
    *slash = '/';
}

static void *write_share(void *argument) {
    // Neighbours lie in one folder, which threads that take turns would wait for.
    size_t share = (count + threads - 1) / threads;
    size_t start = (size_t)argument * share;
    size_t end = start + share < count ? start + share : count;
    for (size_t index = start; index < end; index++) {
        struct file *file = &files[index];
        int descriptor = open(file->path, O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (descriptor < 0 && errno == ENOENT) {
            make_folder_above(file->path);
            descriptor = open(file->path, O_WRONLY | O_CREAT | O_EXCL, 0644);
        }
        if (descriptor < 0) fail(file->path);
        const char *bytes = file->bytes ? file->bytes : zeros;
        if (write(descriptor, bytes, file->size) != (ssize_t)file->size) fail(file->path);
        close(descriptor);
    }
    return NULL;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
    if (argc != 2) { fprintf(stderr, "floor SITE\n"); return 64; }
    if (nftw(argv[1], visit, 64, FTW_PHYS)) fail(argv[1]);
    if (fits()) for (size_t index = 0; index < count; index++) load(&files[index]);
    else if (!(zeros = calloc(1, longest + 1))) fail("calloc");
    puts("read");
    fflush(stdout);
    if (getchar() == EOF) return 1;
    double start = now();
    pthread_t workers[threads];
    for (size_t worker = 0; worker < threads; worker++)
        if (pthread_create(&workers[worker], NULL, write_share, (void *)worker)) fail("thread");
    for (size_t worker = 0; worker < threads; worker++) pthread_join(workers[worker], NULL);
    printf("%.3f\n", now() - start);
    return 0;
}
