{ lib }: lib.literalExpression [ ]
