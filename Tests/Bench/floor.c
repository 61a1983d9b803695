// The floor under any build: writes the files of a finished site again, the same paths with the same
// bytes, on two threads, and does nothing else. Prints the seconds that writing took.
//
//     floor SITE COPY    (COPY must not exist)
//     floor SITE         where there is no room for two: notes paths and sizes, prints a line, waits for
//                        one while SITE is removed, and writes it again with zeros for its bytes
//
// Bytes are read some at a time into memory before the clock runs.
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

enum { threads = 2, batch = 20000 };

struct file { char *path; char *bytes; size_t size; };

static struct file *files;
static size_t count, capacity;
static const char *source, *target;
static size_t first, last;

static void fail(const char *what) { perror(what); exit(1); }

static int visit(const char *path, const struct stat *status, int kind, struct FTW *walk) {
    (void)walk;
    if (kind == FTW_F) {
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 1024;
            if (!(files = realloc(files, capacity * sizeof *files))) fail("realloc");
        }
        files[count++] = (struct file){strdup(path), NULL, (size_t)status->st_size};
    }
    return 0;
}

static void load(struct file *file, int is_copy) {
    if (!is_copy) {
        if (!(file->bytes = calloc(1, file->size + 1))) fail("calloc");
        return;
    }
    int descriptor = open(file->path, O_RDONLY);
    if (descriptor < 0 || !(file->bytes = malloc(file->size + 1))) fail(file->path);
    if (read(descriptor, file->bytes, file->size) != (ssize_t)file->size) fail(file->path);
    close(descriptor);
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
    char path[4096];
    // Neighbours lie in one folder, which threads that take turns would wait for.
    size_t share = (last - first + threads - 1) / threads;
    size_t start = first + (size_t)argument * share;
    size_t end = start + share < last ? start + share : last;
    for (size_t index = start; index < end; index++) {
        snprintf(path, sizeof path, "%s%s", target, files[index].path + strlen(source));
        int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (descriptor < 0 && errno == ENOENT) {
            make_folder_above(path);
            descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
        }
        if (descriptor < 0) fail(path);
        if (write(descriptor, files[index].bytes, files[index].size) != (ssize_t)files[index].size)
            fail(path);
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
    if (argc != 2 && argc != 3) { fprintf(stderr, "floor SITE [COPY]\n"); return 64; }
    int is_copy = argc == 3;
    source = argv[1];
    target = argv[argc - 1];
    if (nftw(source, visit, 64, FTW_PHYS)) fail(source);
    if (!is_copy) {
        puts("noted");
        fflush(stdout);
        if (getchar() == EOF) return 1;
    }
    double seconds = 0;
    for (first = 0; first < count; first = last) {
        last = first + batch < count ? first + batch : count;
        for (size_t index = first; index < last; index++) load(&files[index], is_copy);
        double start = now();
        pthread_t workers[threads];
        for (size_t worker = 0; worker < threads; worker++)
            if (pthread_create(&workers[worker], NULL, write_share, (void *)worker)) fail("thread");
        for (size_t worker = 0; worker < threads; worker++) pthread_join(workers[worker], NULL);
        seconds += now() - start;
        for (size_t index = first; index < last; index++) free(files[index].bytes);
    }
    printf("%.3f\n", seconds);
    return 0;
}
