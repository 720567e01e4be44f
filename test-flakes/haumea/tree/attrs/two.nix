{ _api.b = 2; }
