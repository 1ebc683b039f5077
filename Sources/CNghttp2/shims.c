// SwiftPM wants a source file in a C target; everything is in the library and its header.
#include "CNghttp2.h"
