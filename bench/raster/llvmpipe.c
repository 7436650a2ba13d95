/* llvmpipe.c: the same frames by Mesa's llvmpipe through OSMesa: shaders, new vertices uploaded for each picture, depth test,
   back-face culling, sRGB texture with mipmaps, spherical harmonics for each pixel, read back. One thread (LP_NUM_THREADS). */
#define GL_GLEXT_PROTOTYPES
#include <GL/osmesa.h>
#include <GL/gl.h>
#include <GL/glext.h>
#include <stdio.h>

#include "raster_bench.h"

static const char VERTEX[] = "#version 330 core\n"
                             "layout(location = 0) in vec3 position;\n"
                             "layout(location = 1) in vec3 normal;\n"
                             "layout(location = 2) in vec2 uv;\n"
                             "uniform mat4 to_clip;\n"
                             "out vec3 n;\n"
                             "out vec2 t;\n"
                             "void main() { gl_Position = to_clip * vec4(position, 1.0); n = normal; t = vec2(uv.x, 1.0 - uv.y); }\n";

static const char FRAGMENT[] = "#version 330 core\n"
                               "in vec3 n;\n"
                               "in vec2 t;\n"
                               "uniform sampler2D skin;\n"
                               "uniform vec3 sh[9];\n"
                               "out vec4 colour;\n"
                               "void main() {\n"
                               "  vec3 u = normalize(n);\n"
                               "  vec3 e = sh[0] + sh[1] * u.y + sh[2] * u.z + sh[3] * u.x + sh[4] * (u.x * u.y) + sh[5] * (u.y * u.z)\n"
                               "         + sh[6] * (3.0 * u.z * u.z - 1.0) + sh[7] * (u.x * u.z) + sh[8] * (u.x * u.x - u.y * u.y);\n"
                               "  colour = vec4(max(e, 0.0) * texture(skin, t).rgb, 1.0);\n"
                               "}\n";

typedef struct peer {
    const bench_frames *frames;
    OSMesaContext context;
    void *screen;
    int side, samples;
    GLuint buffers[4], drawn, resolved;
    float *pixels; /* [side][side][4] */
    float *picture;
} peer;

static void stop(const char *what)
{
    fprintf(stderr, "llvmpipe: %s\n", what);
    exit(1);
}

static GLuint shader(GLenum kind, const char *source)
{
    const GLuint made = glCreateShader(kind);
    GLint good;
    char log[1024];
    glShaderSource(made, 1, &source, NULL);
    glCompileShader(made);
    glGetShaderiv(made, GL_COMPILE_STATUS, &good);
    glGetShaderInfoLog(made, sizeof log, NULL, log);
    if (!good)
        stop(log);
    return made;
}

static GLuint program(void)
{
    const GLuint made = glCreateProgram();
    GLint good;
    glAttachShader(made, shader(GL_VERTEX_SHADER, VERTEX));
    glAttachShader(made, shader(GL_FRAGMENT_SHADER, FRAGMENT));
    glLinkProgram(made);
    glGetProgramiv(made, GL_LINK_STATUS, &good);
    if (!good)
        stop("the shaders do not link");
    glUseProgram(made);
    return made;
}

/* Rows from the top as ours: y is not turned round, so row 0 of the window is the picture's first. */
static void set_camera(GLuint with, const camera *cam)
{
    const float near = 10, far = 10000, w = (float)cam->width, h = (float)cam->height;
    const float a = 2 * cam->fx / w, b = 2 * cam->fy / h, p = 2 * cam->cx / w - 1, q = 2 * cam->cy / h - 1;
    const float k = (far + near) / (far - near), l = -2 * far * near / (far - near);
    float clip[4][4]; /* rows */
    for (int c = 0; c < 4; c++) {
        const float x = cam->extrinsic[0][c], y = cam->extrinsic[1][c], z = cam->extrinsic[2][c];
        clip[0][c] = a * x + p * z;
        clip[1][c] = b * y + q * z;
        clip[2][c] = k * z + (c == 3 ? l : 0);
        clip[3][c] = z;
    }
    glUniformMatrix4fv(glGetUniformLocation(with, "to_clip"), 1, GL_TRUE, &clip[0][0]);
}

static void set_light(GLuint with, const light *from)
{
    static const float constant[SH_COUNT] = {0.28209479f, 0.48860251f, 0.48860251f, 0.48860251f, 1.09254843f,
                                             1.09254843f, 0.31539157f, 1.09254843f, 0.54627422f};
    float sh[SH_COUNT][3];
    for (int i = 0; i < SH_COUNT; i++)
        for (int c = 0; c < 3; c++)
            sh[i][c] = from->sh[c][i] * constant[i] * (i == 0 ? 1 : i < 4 ? 2 / 3.0f : 0.25f);
    glUniform3fv(glGetUniformLocation(with, "sh"), SH_COUNT, &sh[0][0]);
}

static void set_texture(const face_texture *from)
{
    GLuint made;
    glGenTextures(1, &made);
    glBindTexture(GL_TEXTURE_2D, made);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    for (int l = 0; l < from->levels; l++)
        glTexImage2D(GL_TEXTURE_2D, l, GL_SRGB8, from->width >> l, from->height >> l, 0, GL_RGB, GL_UNSIGNED_BYTE, from->level[l]);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
}

static void set_buffers(peer *p)
{
    const ball_head *head = &p->frames->head;
    GLuint array;
    glGenVertexArrays(1, &array);
    glBindVertexArray(array);
    glGenBuffers(4, p->buffers);
    for (GLuint i = 0; i < 3; i++) {
        const GLint parts = i < 2 ? 3 : 2;
        glBindBuffer(GL_ARRAY_BUFFER, p->buffers[i]);
        glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)(sizeof(float) * (size_t)parts * (size_t)head->vertex_count),
                     head->uv == NULL || i < 2 ? NULL : head->uv, i < 2 ? GL_STREAM_DRAW : GL_STATIC_DRAW);
        glVertexAttribPointer(i, parts, GL_FLOAT, GL_FALSE, 0, NULL);
        glEnableVertexAttribArray(i);
    }
    glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, p->buffers[3]);
    glBufferData(GL_ELEMENT_ARRAY_BUFFER, (GLsizeiptr)(sizeof(int32_t) * 3 * (size_t)head->triangle_count), head->triangles,
                 GL_STATIC_DRAW);
}

static GLuint frame_buffer(int side, int samples, GLenum depth)
{
    GLuint made, planes[2];
    glGenFramebuffers(1, &made);
    glBindFramebuffer(GL_FRAMEBUFFER, made);
    glGenRenderbuffers(2, planes);
    for (int i = 0; i < (depth ? 2 : 1); i++) {
        glBindRenderbuffer(GL_RENDERBUFFER, planes[i]);
        glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples, i == 0 ? GL_RGBA32F : depth, side, side);
        glFramebufferRenderbuffer(GL_FRAMEBUFFER, i == 0 ? GL_COLOR_ATTACHMENT0 : GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, planes[i]);
    }
    if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
        stop("the frame buffer is not complete");
    return made;
}

static void *peer_open(const bench_frames *frames, int side, int samples)
{
    static const int wanted[] = {OSMESA_FORMAT,
                                 OSMESA_RGBA,
                                 OSMESA_DEPTH_BITS,
                                 0,
                                 OSMESA_PROFILE,
                                 OSMESA_CORE_PROFILE,
                                 OSMESA_CONTEXT_MAJOR_VERSION,
                                 3,
                                 OSMESA_CONTEXT_MINOR_VERSION,
                                 3,
                                 0};
    peer *p = calloc(1, sizeof *p);
    *p = (peer){.frames = frames, .side = side, .samples = samples};
    p->context = OSMesaCreateContextAttribs(wanted, NULL);
    p->screen = malloc((size_t)side * (size_t)side * 4);
    if (!p->context || !OSMesaMakeCurrent(p->context, p->screen, GL_UNSIGNED_BYTE, side, side))
        stop("no context");
    const camera view = ball_head_camera(side, 600);
    const GLuint with = program();
    set_camera(with, &view);
    set_light(with, &frames->light);
    set_texture(&frames->head.texture);
    set_buffers(p);
    p->resolved = samples > 1 ? frame_buffer(side, 0, 0) : 0;
    p->drawn = frame_buffer(side, samples > 1 ? samples : 0, GL_DEPTH_COMPONENT24);
    p->pixels = malloc((size_t)side * (size_t)side * 4 * sizeof(float));
    p->picture = malloc((size_t)side * (size_t)side * 3 * sizeof(float));
    glViewport(0, 0, side, side);
    glEnable(GL_DEPTH_TEST);
    glEnable(GL_CULL_FACE);
    glFrontFace(GL_CW);
    glClearColor(0, 0, 0, 0);
    return p;
}

static void peer_draw(void *state, int frame)
{
    peer *p = state;
    const ball_head *head = &p->frames->head;
    const GLsizeiptr bytes = (GLsizeiptr)(sizeof(float) * 3 * (size_t)head->vertex_count);
    OSMesaMakeCurrent(p->context, p->screen, GL_UNSIGNED_BYTE, p->side, p->side);
    glBindFramebuffer(GL_FRAMEBUFFER, p->drawn);
    glBindBuffer(GL_ARRAY_BUFFER, p->buffers[0]);
    glBufferData(GL_ARRAY_BUFFER, bytes, p->frames->positions[frame], GL_STREAM_DRAW);
    glBindBuffer(GL_ARRAY_BUFFER, p->buffers[1]);
    glBufferData(GL_ARRAY_BUFFER, bytes, p->frames->normals[frame], GL_STREAM_DRAW);
    glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
    glDrawElements(GL_TRIANGLES, 3 * head->triangle_count, GL_UNSIGNED_INT, NULL);
    if (p->samples > 1) {
        glBindFramebuffer(GL_READ_FRAMEBUFFER, p->drawn);
        glBindFramebuffer(GL_DRAW_FRAMEBUFFER, p->resolved);
        glBlitFramebuffer(0, 0, p->side, p->side, 0, 0, p->side, p->side, GL_COLOR_BUFFER_BIT, GL_NEAREST);
        glBindFramebuffer(GL_READ_FRAMEBUFFER, p->resolved);
    }
    glReadPixels(0, 0, p->side, p->side, GL_RGBA, GL_FLOAT, p->pixels);
}

static const float *peer_picture(void *state)
{
    peer *p = state;
    if (glGetError() != GL_NO_ERROR)
        stop("an OpenGL call failed");
    for (int i = 0; i < p->side * p->side; i++)
        for (int c = 0; c < 3; c++)
            p->picture[3 * i + c] = p->pixels[4 * i + c];
    return p->picture;
}

static void peer_close(void *state)
{
    peer *p = state;
    OSMesaDestroyContext(p->context);
    free(p->screen);
    free(p->pixels);
    free(p->picture);
    free(p);
}

const bench_engine bench_llvmpipe = {
    .name = "llvmpipe", .open = peer_open, .draw = peer_draw, .picture = peer_picture, .close = peer_close};
