import ts from 'typescript';
import { commentOn } from './program.js';

/** Beyond this a union is shown by its name, and an object whose fields are all alike by one entry. */
const MANY = 12;

const PLAIN = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.Null | ts.TypeFlags.Undefined;
const PRINTED = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType;

/**
 * What a value of a type looks like once it is JSON, as a TypeScript type over several lines. A class is shown as what its
 * `toJSON` answers. Throws where the type says nothing, or where JSON could not hold the value.
 */
export class Shapes {
  constructor(
    private readonly checker: ts.TypeChecker,
    /** Commands may carry input that their decision has yet to check: any object. Facts may not. */
    private readonly takesUncheckedInput: boolean,
  ) {}

  of(type: ts.Type, name: string, indent = ''): string {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never))
      throw new Error(`${name} has a type that says nothing.`);
    if (type.flags & (ts.TypeFlags.BigIntLike | ts.TypeFlags.ESSymbolLike)) throw new Error(`${name} cannot be stored as JSON.`);
    if (type.flags & ts.TypeFlags.NonPrimitive && this.takesUncheckedInput) return 'object';
    if (isPlain(type)) return this.plain(type);
    if (type.isUnion()) return this.union(type, name, indent);
    const toJson = type.getProperty('toJSON');
    if (toJson) return this.of(this.answerOf(toJson, name), name, indent);
    if (this.checker.isArrayType(type) || this.checker.isTupleType(type)) return this.array(type as ts.TypeReference, name, indent);
    return this.object(type, name, indent);
  }

  private plain(type: ts.Type): string {
    const text = this.checker.typeToString(type, undefined, PRINTED).replace(' | undefined', '');
    return text.split(' | ').length > MANY ? 'string' : text;
  }

  private union(type: ts.UnionType, name: string, indent: string): string {
    const members = type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined));
    const objects = members.filter((member) => !isPlain(member)).map((member) => this.of(member, name, indent));
    const plain = members.filter(isPlain).map((member) => this.plain(member));
    return [...new Set([...objects, ...plain])].join(' | ');
  }

  private array(type: ts.TypeReference, name: string, indent: string): string {
    const elements = this.checker.getTypeArguments(type).map((element) => ({ element, shape: this.of(element, `${name}[]`, indent) }));
    if (this.checker.isTupleType(type)) return `[${elements.map(({ shape }) => shape).join(', ')}]`;
    const { element, shape } = elements[0]!;
    return element.isUnion() ? `(${shape})[]` : `${shape}[]`;
  }

  private object(type: ts.Type, name: string, indent: string): string {
    if (type.getCallSignatures().length > 0) throw new Error(`${name} is a function and cannot be stored.`);
    const properties = this.checker.getPropertiesOfType(type).filter((property) => !/^(__[@#]|#)/.test(property.name));
    const [entry] = this.checker.getIndexInfosOfType(type);
    if (entry) return `{ [key: string]: ${this.of(entry.type, `${name}{}`, indent)} }`;
    if (properties.length === 0) throw new Error(`${name} would be described as an empty object.`);
    if (properties.length > MANY && this.areAlike(properties))
      return `{ [key: string]: ${this.field(properties[0]!, `${name}{}`, indent)} }`;
    const lines = properties.map((property) => this.line(property, name, `${indent}  `));
    const short = `{ ${lines.map((line) => line.trim().replace(/;$/, '')).join('; ')} }`;
    return indent !== '' && short.length < 90 && !short.includes('\n') ? short : `{\n${lines.join('\n')}\n${indent}}`;
  }

  private line(property: ts.Symbol, name: string, indent: string): string {
    const comment = property.declarations?.[0] ? commentOn(property.declarations[0]) : '';
    const mark = isOptional(property) ? '?' : '';
    return `${comment ? `${indent}// ${comment}\n` : ''}${indent}${property.name}${mark}: ${this.field(property, `${name}.${property.name}`, indent)};`;
  }

  private field(property: ts.Symbol, name: string, indent: string): string {
    const type = this.checker.getTypeOfSymbol(property);
    if (isPlain(type) && this.plain(type) === 'string') return declaredName(property) ?? 'string';
    return this.of(isOptional(property) ? withoutUndefined(this.checker, type) : type, name, indent);
  }

  private areAlike(properties: readonly ts.Symbol[]): boolean {
    return new Set(properties.map((property) => this.checker.typeToString(this.checker.getTypeOfSymbol(property)))).size === 1;
  }

  private answerOf(method: ts.Symbol, name: string): ts.Type {
    const [signature] = this.checker.getTypeOfSymbol(method).getCallSignatures();
    if (!signature) throw new Error(`${name} has a toJSON that cannot be called.`);
    return signature.getReturnType();
  }
}

/** Made of text, numbers, truth values and null alone; a branded text such as an id counts as text. */
function isPlain(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every(isPlain);
  if (type.isIntersection()) return type.types.some((part) => (part.flags & PLAIN) !== 0);
  return (type.flags & PLAIN) !== 0;
}

/** A long list of codes has a better name where it is used, e.g. `Currency | null`. */
function declaredName(property: ts.Symbol): string | undefined {
  const declared = property.declarations?.find((node) => ts.isPropertySignature(node) || ts.isParameter(node));
  return declared?.type?.getText();
}

const isOptional = (property: ts.Symbol): boolean => (property.flags & ts.SymbolFlags.Optional) !== 0;

/** Leaves `null` in, which JSON has. */
function withoutUndefined(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  if (!type.isUnion()) return type;
  const hasNull = type.types.some((member) => member.flags & ts.TypeFlags.Null);
  return hasNull ? type : checker.getNonNullableType(type);
}
