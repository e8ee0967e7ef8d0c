/* What asks for memory, as --wrap of ld(1) names it. A program defines those
 * that it is linked with. */
#ifndef WRAPPED_CALLS_H
#define WRAPPED_CALLS_H

#include <dirent.h>
#include <stdio.h>

typedef int filter_entry(const struct dirent *entry);
typedef int compare_entries(const struct dirent **a, const struct dirent **b);

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
void __real_free(void *block);
FILE *__real_fopen(const char *path, const char *mode);
FILE *__real_open_memstream(char **text, size_t *length);
DIR *__real_opendir(const char *path);
int __real_scandir(const char *path, struct dirent ***list,
                   filter_entry *filter, compare_entries *compare);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);
void __wrap_free(void *block);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_open_memstream(char **text, size_t *length);
DIR *__wrap_opendir(const char *path);
int __wrap_scandir(const char *path, struct dirent ***list,
                   filter_entry *filter, compare_entries *compare);

#endif
