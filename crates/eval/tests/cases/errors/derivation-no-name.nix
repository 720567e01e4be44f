{ lib }: (derivation { builder = "x"; system = "s"; }).drvPath
