# A thin front for setup.sh, CMake and ctest. `make demo` and `make test` need nothing done before.
.DEFAULT_GOAL := help
.PHONY: help setup demo test build sanitize threads fuzz bench soak lint format install clean

PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 4
DEMO ?= demo
CONFIGURE = cmake -G Ninja -S . -Wno-dev
THREAD_TESTS = test_generate test_verify test_face_eval test_raster_seen test_stop test_loader test_image_cache
SOURCES = $(wildcard src/*/*.[ch] tests/*.h tests/*/*.[ch] bench/*/*.[ch] examples/*.c)

help:
	@echo "make demo     set up, build, and make a small labelled data set with its report in $(DEMO)/"
	@echo "make test     set up, build, and run every test, with sanitizers too, the fuzzers for seconds, and lint"
	@echo "make setup    install what is missing for building and testing"
	@echo "make build    build/diffuse and the library"
	@echo "make install  [PREFIX=$(PREFIX)] program, library, headers, completion"
	@echo "make bench    measure against other programs"
	@echo "make soak     the tests that take long"
	@echo "make threads  what uses threads, under ThreadSanitizer"
	@echo "make fuzz     [FUZZ_SECONDS=$(FUZZ_SECONDS)] each fuzzer for so long"
	@echo "make lint     clang-format, cppcheck and clang-tidy find nothing"
	@echo "make format   clang-format changes what it wants"

setup:
	./setup.sh build test

demo:
	./setup.sh build
	$(MAKE) build
	build/diffuse demo --out $(DEMO)

test: setup
	$(MAKE) build
	ctest --test-dir build -j $(JOBS) --output-on-failure
	$(MAKE) sanitize
	ctest --test-dir build-sanitize -j $(JOBS) --output-on-failure
	$(MAKE) fuzz
	$(MAKE) lint

build:
	$(CONFIGURE) -B build
	ninja -C build

# One build with clang serves sanitizers and fuzzers, and is the second compiler whose warnings count.
sanitize:
	$(CONFIGURE) -B build-sanitize -DCMAKE_C_COMPILER=clang -DDIFFUSE_SANITIZE=ON -DDIFFUSE_FUZZ=ON
	ninja -C build-sanitize

# What uses threads, under ThreadSanitizer; libarcher tells it what OpenMP's synchronization means.
threads:
	$(CONFIGURE) -B build-threads -DCMAKE_C_COMPILER=clang -DDIFFUSE_TSAN=ON
	ninja -C build-threads diffuse write_fixture write_miniatures $(THREAD_TESTS)
	tests/threads.sh build-threads $(THREAD_TESTS)

fuzz: sanitize
	tests/fuzz/run.sh build-sanitize $(FUZZ_SECONDS)

bench:
	./setup.sh build bench
	for comparison in bench/*.sh; do $$comparison || exit 1; done

soak: build sanitize
	DIFFUSE_SOAK=1 ctest --test-dir build -j 1 --output-on-failure --timeout 36000
	$(MAKE) threads
	tests/every_isa.sh
	tests/fuzz/run.sh build-sanitize 600

lint: build
	clang-format --dry-run --Werror $(SOURCES)
	cppcheck --quiet --error-exitcode=1 --project=build/compile_commands.json --file-filter='*src/*' --library=.cppcheck.cfg --suppressions-list=.cppcheck --inline-suppr \
		--enable=warning,performance,portability --std=c11 -j $(JOBS)
	run-clang-tidy -quiet -p build -j $(JOBS) 'src/.*\.c$$'

format:
	clang-format -i $(SOURCES)

install: build
	cmake --install build --prefix $(PREFIX)

clean:
	rm -rf build build-sanitize build-threads build-isa
