{ lab.words.packaged = "beside"; }
