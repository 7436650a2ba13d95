#include "base/sha256.h"

#include "scratch.h"

/* FIPS 180-2, appendix B, and the empty message. */
static const struct {
    const char *message, *digest;
} known[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};
static const char million_digest[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

static void known_messages_have_their_digests(void **state)
{
    (void)state;
    char digest[DF_SHA256_TEXT];
    for (size_t i = 0; i < DF_ARRAY_LEN(known); i++) {
        df_sha256_of(known[i].message, strlen(known[i].message), digest);
        assert_string_equal(digest, known[i].digest);
    }
}

static void pieces_and_files_give_the_same(void **state)
{
    (void)state;
    df_error err;
    scratch s = scratch_new();
    char digest[DF_SHA256_TEXT], piece[1000];
    memset(piece, 'a', sizeof piece);
    df_sha256 *hash = df_sha256_new(&err);
    df_writer *writer = df_writer_open(scratch_path(&s, "file"), &err);
    for (int i = 0; i < 1000; i++) {
        df_sha256_add(hash, piece, sizeof piece);
        must(df_writer_put(writer, piece, sizeof piece, &err), &err);
    }
    must(df_writer_commit(writer, &err), &err);
    df_sha256_end(hash, digest);
    assert_string_equal(digest, million_digest);
    must(df_sha256_of_file(s.path, digest, &err), &err);
    assert_string_equal(digest, million_digest);
    must_say(df_sha256_of_file(s.folder, digest, &err), &err, "is a folder");
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_messages_have_their_digests),
        cmocka_unit_test(pieces_and_files_give_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
