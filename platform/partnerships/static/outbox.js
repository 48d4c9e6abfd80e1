// What was logged and is not saved yet, kept in this browser until the server has said that it is.

/** Open the store; strict durability, so that what is shown as kept is on the disk. */
function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("partnerships-log", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("entries", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

/** Do one piece of work on the store and wait until it is on the disk. */
async function within(mode, work) {
  const database = await open();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction("entries", mode, { durability: "strict" });
      const result = work(transaction.objectStore("entries"));
      transaction.oncomplete = () => done(result.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const put = (entry) => within("readwrite", (store) => store.put(entry));
export const drop = (key) => within("readwrite", (store) => store.delete(key));

/** The entries of one conference, oldest first. */
export async function all(conference) {
  const found = await within("readonly", (store) => store.getAll());
  return found.filter((entry) => entry.conference === conference).sort((one, other) => one.at - other.at);
}

/** A key that no other entry has; works without a secure connection too. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(18))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
