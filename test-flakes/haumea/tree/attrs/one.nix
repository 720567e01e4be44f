{ _api.a = 1; z = 1; }
