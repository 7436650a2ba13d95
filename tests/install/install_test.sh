#!/usr/bin/env bash
# Installs the build in a folder of its own and uses it as others would: the program, the library through pkg-config, the
# headers, the completion files. $BUILD is the build, $MODEL a face model, $CC the compiler.
set -u
source_tree=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix="$work/a prefix"
failures=0

check() { # SENTENCE COMMAND...
    local sentence=$1
    shift
    if "$@"; then
        echo "ok: $sentence"
    else
        echo "FAILED: $sentence"
        failures=$((failures + 1))
    fi
}

cmake --install "$BUILD" --prefix "$prefix" >"$work/log" || { cat "$work/log"; exit 1; }
library=$(dirname "$(find "$prefix" -name libdiffuse.so)")
export PKG_CONFIG_PATH=$library/pkgconfig

compile() { # SOURCE OUTPUT: against the installed library alone
    local flags
    flags=$(pkg-config --cflags --libs diffuse) || return 1
    # pkg-config quotes the prefix's blank for the shell
    eval "$CC -std=gnu17 -Wall -Werror '$1' $flags '-Wl,-rpath,$library' -o '$2'"
}
check "the example compiles in another folder" compile "$source_tree/examples/one_person.c" "$work/one_person"
check "the example prints 68 landmarks" [ "$("$work/one_person" "$MODEL" | grep -c '^ *[0-9][0-9]* .*-\{0,1\}[0-9]*\.[0-9][0-9]')" = 68 ]
check "the example fails without a model" [ "$("$work/one_person" "$work/log" >/dev/null 2>&1; echo $?)" = 1 ]

check "the program runs" "$prefix/bin/diffuse" version
check "completion for bash is a script" bash -n "$prefix/share/bash-completion/completions/diffuse"
check "completion for zsh and fish is there" [ -s "$prefix/share/zsh/site-functions/_diffuse" -a -s "$prefix/share/fish/vendor_completions.d/diffuse.fish" ]
complete_model() {
    bash -c 'source "$1"; COMP_WORDS=(diffuse model ev); COMP_CWORD=2; _diffuse; [ "${COMPREPLY[*]}" = eval ]' - \
        "$prefix/share/bash-completion/completions/diffuse"
}
check "completion knows the verbs" complete_model

# Every symbol that the shared library shows stands in an installed header, and the other way round nothing internal shows.
headers=$prefix/include/diffuse
exported() { nm -D --defined-only "$library/libdiffuse.so" | awk '{ print $3 }' | grep -v '^[_.]'; }
undeclared() { exported | while read -r symbol; do grep -rqw "$symbol" "$headers" || echo "$symbol"; done; }
check "the library shows something" [ "$(exported | wc -l)" -gt 20 ]
check "what it shows is declared: $(undeclared | tr '\n' ' ')" [ -z "$(undeclared)" ]

every_header_compiles() {
    local header name
    while read -r header; do
        name=${header#"$headers/"}
        echo "#include <$name>" | eval "$CC -std=gnu17 -D_GNU_SOURCE -fsyntax-only -x c $(pkg-config --cflags diffuse) -" || return 1
    done < <(find "$headers" -name '*.h')
}
check "every installed header compiles alone" every_header_compiles

[ $failures = 0 ]
