/* one_person.c: loads a face model, gives the mean face a smile and prints its 68 landmarks in millimetres.
   cc one_person.c $(pkg-config --cflags --libs diffuse) -o one_person && ./one_person model.safetensors */
#include <face/face_eval.h>
#include <face/model_file.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    df_error err = {0};
    face_model_handle *handle = argc == 2 ? face_model_open(argv[1], &err) : NULL;
    if (!handle)
        return fprintf(stderr, "%s\n", argc == 2 ? err.text : "usage: one_person MODEL"), 1;
    const face_model *model = face_model_of(handle);

    float weights[FACE_MAX_EXPRESSIONS] = {0};
    const int smile = face_model_expression(model, "mouth-corner-puller");
    if (smile >= 0)
        weights[smile] = 1;
    float *cage = malloc((size_t)model->cage_count * 3 * sizeof *cage), point[3];
    if (!cage || !model->has_landmarks)
        return fprintf(stderr, "no landmarks, or no memory\n"), 1;
    face_shape(model, NULL, 0, cage);
    face_express(model, weights, cage);
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        face_skin_vertex(model, cage, model->landmarks[i], point);
        printf("%2d %7.2f %7.2f %7.2f\n", i, (double)point[0], (double)point[1], (double)point[2]);
    }
    free(cage);
    face_model_close(handle);
    return 0;
}
