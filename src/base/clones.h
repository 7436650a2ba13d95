/* clones.h: DF_CLONES compiles a leaf function for several instruction sets; the dynamic linker picks the one that this
   processor has. All give the same bytes (-ffp-contract=off). DF_ONE_ISA (the build option DIFFUSE_ISA) leaves only what the
   compiler's flags say; so do sanitizers, whose run time is not up yet when the linker picks. */
#ifndef DF_BASE_CLONES_H
#define DF_BASE_CLONES_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define DF_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DF_SANITIZED
#endif

#if defined(__x86_64__) && !defined(DF_ONE_ISA) && !defined(DF_SANITIZED)
#define DF_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define DF_CLONES
#endif

#endif
