// What was told while there was no network, on this telephone alone, until it is sent. One database, one store, no name of anybody.

import { openDB, type IDBPDatabase } from "idb";

export const NAME = "luytre-tell";
export interface Kept {
  /** The sending's number: what is sent again is the same tip. */
  sending: string;
  fields: [string, string][];
  photos: Blob[];
}

export class TellStore {
  private constructor(private readonly base: IDBPDatabase) {}

  static async open(): Promise<TellStore> {
    return new TellStore(await openDB(NAME, 1, { upgrade: (base) => void base.createObjectStore("kept", { keyPath: "sending" }) }));
  }

  async keep(one: Kept): Promise<void> {
    await this.base.put("kept", one);
  }

  async all(): Promise<Kept[]> {
    return (await this.base.getAll("kept")) as Kept[];
  }

  async remove(sending: string): Promise<void> {
    await this.base.delete("kept", sending);
  }

  close(): void {
    this.base.close();
  }
}
