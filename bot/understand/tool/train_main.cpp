// huiyin_train CONFIG_DIR MODEL_FILE: makes the intent model at build (cmake/model.cmake).
#include <cstdio>

#include "bot/understand/shipped_model.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: huiyin_train CONFIG_DIR MODEL_FILE\n");
    return 2;
  }
  huiyin::Result<huiyin::Classifier> model = huiyin::train_shipped_model(argv[1]);
  if (!model) {
    std::fprintf(stderr, "huiyin_train: %s\n", model.error().message.c_str());
    return 1;
  }
  huiyin::Result<void> saved = model->save(argv[2]);
  if (!saved) {
    std::fprintf(stderr, "huiyin_train: %s\n", saved.error().message.c_str());
    return 1;
  }
  return 0;
}
