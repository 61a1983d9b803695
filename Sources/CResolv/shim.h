#include <sys/types.h>
#include <netinet/in.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

// The names of the resolver's functions are macros, which Swift does not see.

/** The length of the resolver's answer to a question for TXT records, or -1, with `h_errno`. */
static inline int canting_query_txt(const char *name, unsigned char *answer, int capacity) {
  return res_query(name, ns_c_in, ns_t_txt, answer, capacity);
}

/** Why the last question had no answer: 1 there is no such name, 2 try again, 3 refused, 4 no such record. */
static inline int canting_query_error(void) { return h_errno; }
