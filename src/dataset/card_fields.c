/* card_fields.c: the table. What is not here (coefficients of light, lamps, poses of occluders) stands in the manifest all the same. */
#include "dataset/card_fields.h"

#include <string.h>

#define TEXT .type = "sc:Text"
#define INTEGER .type = "sc:Integer"
#define FLOAT .type = "sc:Float"
#define LABEL .second = "cr:Label"

static const card_field fields[] = {
    {.id = "image", .key = "image", TEXT, .help = "Path of the image from the set's folder; the key of the line."},
    {.id = "identity", .key = "identity", TEXT, LABEL, .help = "Whose face it is: one name for each person."},
    {.id = "index", .key = "index", INTEGER, .help = "Number of the image among those of its person, from 0."},
    {.id = "split", .key = "split", TEXT, .help = "train, valid or test."},
    {.id = "imported", .key = "imported", TEXT, .help = "The form of the source that the image was taken over from."},
    {.id = "gender", .key = "gender", TEXT, LABEL, .help = "female or male: the value that the face was drawn with, or the source's."},
    {.id = "ethnicity", .key = "ethnicity", TEXT, LABEL, .help = "Group of the face model, mixture, or the source's word."},
    {.id = "age", .key = "age", FLOAT, LABEL, .help = "Years."},
    {.id = "yaw", .key = "yaw", FLOAT, LABEL, .help = "Turn of the head in degrees, positive to the person's left."},
    {.id = "pitch", .key = "pitch", FLOAT, LABEL, .help = "Lift of the chin in degrees."},
    {.id = "roll", .key = "roll", FLOAT, LABEL, .help = "Tilt in degrees, positive towards the person's right shoulder."},
    {.id = "box",
     .key = "box",
     FLOAT,
     .second = "cr:BoundingBox",
     .shape = "4",
     .format = "XYWH",
     .help = "x, y, width and height of the face in pixels."},
    {.id = "landmarks2d",
     .key = "landmarks2d",
     FLOAT,
     LABEL,
     .shape = "68,2",
     .help = "68 points in pixels, iBUG order; pixel c has its centre at c + 0.5."},
    {.id = "landmarks3d", .key = "landmarks3d", FLOAT, LABEL, .shape = "68,3", .help = "The same in millimetres of the world."},
    {.id = "visible", .key = "visible", INTEGER, LABEL, .shape = "68", .help = "1 where a landmark is inside the image and not hidden."},
    {.id = "landmarks5",
     .key = "landmarks5",
     FLOAT,
     LABEL,
     .shape = "5,2",
     .help = "Right eye, left eye, nose, right and left corner of the mouth, in pixels."},
    {.id = "gaze_right",
     .key = "gaze",
     .path = "$.right",
     FLOAT,
     LABEL,
     .shape = "3",
     .help = "Unit vector of the right eye's line of sight in the world."},
    {.id = "gaze_left", .key = "gaze", .path = "$.left", FLOAT, LABEL, .shape = "3", .help = "The same of the left eye."},
    {.id = "camera_fx", .key = "camera", .path = "$.fx", FLOAT, .help = "Focal length in pixels, along x."},
    {.id = "camera_fy", .key = "camera", .path = "$.fy", FLOAT, .help = "Focal length in pixels, along y."},
    {.id = "camera_cx", .key = "camera", .path = "$.cx", FLOAT, .help = "Principal point in pixels, x."},
    {.id = "camera_cy", .key = "camera", .path = "$.cy", FLOAT, .help = "Principal point in pixels, y."},
    {.id = "camera_extrinsic", .key = "camera", .path = "$.extrinsic", FLOAT, .shape = "3,4", .help = "World to camera, as OpenCV has it."},
    {.id = "head_pose", .key = "head_pose", FLOAT, LABEL, .shape = "3,4", .help = "The head's own axes to the world."},
    {.id = "smile",
     .key = "expression",
     .path = "$.smile",
     FLOAT,
     LABEL,
     .help = "Weight of the mouth's corners, 0 to 1; the line has the other units beside it."},
    {.id = "expression_strength", .key = "expression_strength", FLOAT, .help = "Strength of the whole expression, 0 to 1."},
    {.id = "glasses", .key = "glasses", TEXT, LABEL, .help = "Name of the frame, or none."},
    {.id = "hat", .key = "hat", TEXT, LABEL, .help = "Name of the hat, or none."},
    {.id = "hair", .key = "hair", TEXT, LABEL, .help = "Name of the hair, or none."},
    {.id = "beard", .key = "beard", TEXT, LABEL, .help = "Name of the beard, or none."},
    {.id = "moustache", .key = "moustache", TEXT, LABEL, .help = "Name of the moustache, or none."},
    {.id = "occluder", .key = "occluder", TEXT, LABEL, .help = "What is before the face, or none."},
    {.id = "light_strength", .key = "light", .path = "$.strength", FLOAT, .help = "How one-sided the surrounding light is, 0 to 1."},
    {.id = "light_ambient", .key = "light", .path = "$.ambient", FLOAT, .help = "Share of the surrounding light, 0 to 1."},
    {.id = "sensor_brightness", .key = "sensor", .path = "$.brightness", FLOAT, .help = "Exposure: average skin as a share of full scale."},
    {.id = "sensor_gain", .key = "sensor", .path = "$.gain", FLOAT, .help = "Analogue gain of the sensor."},
    {.id = "sensor_bits", .key = "sensor", .path = "$.bits", INTEGER, .help = "Bits of a pixel's channel."},
    {.id = "background", .key = "background", .path = "$.kind", TEXT, .help = "Kind of what is behind."},
    {.id = "band", .key = "band", TEXT, .help = "940, 850 (nanometres) or rgb."},
    {.id = "size", .key = "size", INTEGER, .help = "Width and height in pixels."},
    {.id = "width", .key = "width", INTEGER, .help = "Width in pixels."},
    {.id = "height", .key = "height", INTEGER, .help = "Height in pixels."},
    {.id = "channels", .key = "channels", INTEGER, .help = "Channels of a pixel."},
    {.id = "bits", .key = "bits", INTEGER, .help = "Bits of a channel."},
    {.id = "distance", .key = "distance", FLOAT, .help = "From the camera to the middle of the head, millimetres."},
    {.id = "focal", .key = "focal", FLOAT, .help = "Focal length in millimetres on a sensor 36 mm wide."},
    {.id = "sha256", .key = "sha256", TEXT, .help = "SHA-256 of the pixels: rows from the top, 16 bit big-endian."},
};

const card_field *card_field_at(int index)
{
    return index < (int)(sizeof fields / sizeof fields[0]) ? &fields[index] : NULL;
}

bool card_field_is_there(const card_field *field, const json_t *keys)
{
    const json_t *value = json_object_get(keys, field->key);
    if (!value || json_is_null(value))
        return false;
    return !field->path || json_object_get(value, field->path + strlen("$."));
}
