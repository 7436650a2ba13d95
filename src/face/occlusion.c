/* occlusion.c: the same directions about every normal: a Fibonacci spiral on the disc, lifted to the hemisphere (Malley's method), which
   is smooth between neighbours where independent random rays would be grainy. */
#include "face/occlusion.h"

#include <embree3/rtcore.h>
#include <math.h>
#include <string.h>

static const float lift_mm = 0.3f; /* rays start above the surface, or it would hide itself */

/* Copies into a buffer of Embree's own. */
static bool fill(RTCGeometry geometry, enum RTCBufferType type, enum RTCFormat format, const void *data, size_t item, int count)
{
    void *buffer = rtcSetNewGeometryBuffer(geometry, type, 0, format, item, (size_t)count);
    if (buffer)
        memcpy(buffer, data, item * (size_t)count);
    return buffer != NULL;
}

static bool attach(RTCDevice device, RTCScene scene, const occluder *mesh, df_error *err)
{
    RTCGeometry geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
    const bool good = fill(geometry, RTC_BUFFER_TYPE_VERTEX, RTC_FORMAT_FLOAT3, mesh->vertices, 3 * sizeof(float), mesh->vertex_count) &&
                      fill(geometry, RTC_BUFFER_TYPE_INDEX, RTC_FORMAT_UINT3, mesh->triangles, 3 * sizeof(int32_t), mesh->triangle_count);
    if (good) {
        rtcCommitGeometry(geometry);
        rtcAttachGeometry(scene, geometry);
    }
    rtcReleaseGeometry(geometry);
    return good || df_fail(err, "occlusion: Embree has no memory for the mesh");
}

/* Directions [rays][3] of density cos / pi about +z. */
static void spiral(int rays, float *directions)
{
    const float golden = 2.39996323f;
    for (int i = 0; i < rays; i++) {
        const float square = ((float)i + 0.5f) / (float)rays, radius = sqrtf(square), angle = golden * (float)i;
        directions[3 * i] = radius * cosf(angle);
        directions[3 * i + 1] = radius * sinf(angle);
        directions[3 * i + 2] = sqrtf(1 - square);
    }
}

/* Unit tangents of n (T. Duff et al., "Building an orthonormal basis, revisited", JCGT 6 (2017)). */
static void tangents(const float n[3], float a[3], float b[3])
{
    const float sign = copysignf(1, n[2]), s = -1 / (sign + n[2]), t = n[0] * n[1] * s;
    a[0] = 1 + sign * n[0] * n[0] * s;
    a[1] = sign * t;
    a[2] = -sign * n[0];
    b[0] = t;
    b[1] = sign + n[1] * n[1] * s;
    b[2] = -n[1];
}

static float cast(RTCScene scene, const float *p, const float *n, const float *directions, int rays, float reach)
{
    float a[3], b[3];
    tangents(n, a, b);
    int seen = 0;
    for (int i = 0; i < rays; i++) {
        const float *d = directions + 3 * i;
        struct RTCIntersectContext context;
        rtcInitIntersectContext(&context);
        struct RTCRay ray = {
            .org_x = p[0] + lift_mm * n[0], .org_y = p[1] + lift_mm * n[1], .org_z = p[2] + lift_mm * n[2], .tfar = reach, .mask = ~0u};
        ray.dir_x = d[0] * a[0] + d[1] * b[0] + d[2] * n[0];
        ray.dir_y = d[0] * a[1] + d[1] * b[1] + d[2] * n[1];
        ray.dir_z = d[0] * a[2] + d[1] * b[2] + d[2] * n[2];
        rtcOccluded1(scene, &context, &ray);
        seen += ray.tfar > 0; /* minus infinity where something was hit */
    }
    return (float)seen / (float)rays;
}

static bool build_scene(RTCDevice device, RTCScene scene, const occluder *occluders, int count, df_error *err)
{
    for (int i = 0; i < count; i++)
        if (!attach(device, scene, &occluders[i], err))
            return false;
    rtcCommitScene(scene);
    return rtcGetDeviceError(device) == RTC_ERROR_NONE || df_fail(err, "occlusion: Embree failed to build its tree");
}

bool occlusion_cast(const occluder *occluders, int count, const float *normals, int rays, float reach, df_arena *arena, float *open,
                    df_error *err)
{
    float *directions = df_alloc(arena, (size_t)rays, 3 * sizeof *directions, err);
    RTCDevice device = directions ? rtcNewDevice("threads=1") : NULL;
    RTCScene scene = device ? rtcNewScene(device) : NULL;
    bool good = scene ? build_scene(device, scene, occluders, count, err) : df_fail(err, "occlusion: Embree does not start");
    if (good) {
        spiral(rays, directions);
#pragma omp parallel for schedule(dynamic, 256)
        for (int v = 0; v < occluders[0].vertex_count; v++)
            open[v] = cast(scene, occluders[0].vertices + 3 * (size_t)v, normals + 3 * (size_t)v, directions, rays, reach);
    }
    if (scene)
        rtcReleaseScene(scene);
    if (device)
        rtcReleaseDevice(device);
    return good;
}
