/* write_miniatures.c: writes a miniature of each foreign format into a folder, for tests that run the program, and as seeds. */
#include <stdio.h>
#include <sys/stat.h>

#include "miniature.h"

int main(int argc, char **argv)
{
    char path[MINI_PATH];
    if (argc != 2)
        return 2;
    mkdir(argv[1], 0777);
    snprintf(path, sizeof path, "%s/01_MorphableModel.mat", argv[1]);
    mini_bfm2009(path);
    snprintf(path, sizeof path, "%s/04_attributes.mat", argv[1]);
    mini_attributes(path);
    snprintf(path, sizeof path, "%s/BFM_model_front.mat", argv[1]);
    mini_deep3d(path);
    snprintf(path, sizeof path, "%s/bfm.h5", argv[1]);
    mini_statismo(path, 1);
    snprintf(path, sizeof path, "%s/statismo.h5", argv[1]);
    mini_statismo(path, 0);
    snprintf(path, sizeof path, "%s/scans", argv[1]);
    mini_scans(path);
    snprintf(path, sizeof path, "%s/FaceXModel", argv[1]);
    mini_ict_folder(path);
    return 0;
}
